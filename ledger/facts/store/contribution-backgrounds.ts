import type { Fragment } from 'postgres'
import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { ParsedContribution } from '../parse-contribution.ts'

/** What the world says about a reported contribution at the moment of the statement. */
export type ContributionBackground = {
  /** The customer behind the subject or the bound lead. */
  readonly customer: Id<'cus'> | undefined
  /** The customer behind the subject of who referred. */
  readonly referrer: Id<'cus'> | undefined
  /** Whether the named agreement is the partner's at that time; without one named, true. */
  readonly agreementStands: boolean
  /** Whether the amount is in the asset of the named agreement, or of one that the partner has at that time. */
  readonly assetFits: boolean
  /** Whether an earlier report of the same course told its price, for the same agreement or for all. */
  readonly enrolled: boolean
}

/**
 * Looks up customers, agreements and courses of reported contributions, in their order, by one statement. A subject is
 * looked up among this partner's own, and while the partner is in the sandbox it finds synthetic customers only. A customer
 * who was erased is known no more: nothing personal could be written of one.
 */
export async function selectBackgrounds(
  tx: Transaction,
  partner: Id<'ptr'>,
  parsed: readonly ParsedContribution[],
): Promise<readonly ContributionBackground[]> {
  const rows = await tx<BackgroundRow[]>`
    select coalesce(s.customer_id, b.customer_id) as customer_id, f.customer_id as referrer_id,
      q.agreement_id is null or exists (
        select from agreements a where a.id = q.agreement_id and a.partner_id = ${uuidOf(partner)}
          and q.occurred_at >= a.starts_at and (a.ends_at is null or q.occurred_at < a.ends_at)) as agreement_stands,
      q.asset is null or exists (
        select from agreements a join programmes p on p.id = a.programme_id
        where a.partner_id = ${uuidOf(partner)} and p.asset = q.asset and (q.agreement_id is null or a.id = q.agreement_id)
          and q.occurred_at >= a.starts_at and (a.ends_at is null or q.occurred_at < a.ends_at)) as asset_fits,
      q.course is not null and exists (
        select from contributions c
        where c.partner_id = ${uuidOf(partner)} and c.course = q.course and c.status <> 'REJECTED'
          and case when coalesce(s.customer_id, b.customer_id) is null then c.customer_id is null and c.lead = q.lead
            else c.customer_id = coalesce(s.customer_id, b.customer_id) end
          and (c.agreement_id is null or c.agreement_id = q.agreement_id)
          and (c.occurred_at, c.external_id) < (q.occurred_at, q.external_id collate "C")) as enrolled
    from jsonb_to_recordset(${JSON.stringify(parsed.map(askedOf))}::jsonb) as q (place integer, external_id text,
      subject text, lead text, referrer text, agreement_id uuid, occurred_at timestamptz, asset text, course text)
    left join lateral (${customerBehind(tx, partner, tx`q.subject`)}) s on true
    left join lateral (${customerBehind(tx, partner, tx`q.referrer`)}) f on true
    left join lead_bindings b on b.partner_id = ${uuidOf(partner)} and b.lead = q.lead
      and not exists (select from customer_keys k where k.customer_id = b.customer_id and k.erased_at is not null)
    order by q.place`
  return rows.map((row) => ({
    customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id),
    referrer: row.referrer_id === null ? undefined : idOf('cus', row.referrer_id),
    agreementStands: row.agreement_stands,
    assetFits: row.asset_fits,
    enrolled: row.enrolled,
  }))
}

type BackgroundRow = {
  readonly customer_id: string | null
  readonly referrer_id: string | null
  readonly agreement_stands: boolean
  readonly asset_fits: boolean
  readonly enrolled: boolean
}

function askedOf({ reported, referrer }: ParsedContribution, place: number): object {
  const { externalId, subject, lead, agreement, occurredAt, value, course } = reported
  return {
    place,
    external_id: externalId,
    subject,
    lead,
    referrer,
    agreement_id: agreement === undefined ? undefined : uuidOf(agreement),
    occurred_at: occurredAt.toISOString(),
    asset: value?.asset,
    // only a report without a price must find one that has it
    course: value === undefined ? course : undefined,
  }
}

function customerBehind(tx: Transaction, partner: Id<'ptr'>, subject: Fragment): Fragment {
  return tx`
    select ps.customer_id from known_subjects ps
    join partner_duties d on d.partner_id = ps.partner_id
    join customer_accounts ca on ca.customer_id = ps.customer_id
    where ps.subject = ${subject} and ps.partner_id = ${uuidOf(partner)} and (ca.synthetic or not d.synthetic_only)
      and not exists (select from customer_keys k where k.customer_id = ps.customer_id and k.erased_at is not null)`
}
