import type { PendingQuery, Row } from 'postgres'
import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { ContributionStatus } from '../contribution.ts'
import type { FactId, KnownFact } from '../decide-facts.ts'
import type { ReportedContribution } from '../parse-contribution.ts'

/** What the world says about a reported contribution at the moment of the statement. */
export type ContributionBackground = {
  /** The customer behind the subject or the bound lead. */
  readonly customer: Id<'cus'> | undefined
  /** Whether the named agreement is the partner's at that time; without one named, true. */
  readonly agreementStands: boolean
  /** Whether the amount is in the asset of the named agreement, or of one that the partner has at that time. */
  readonly assetFits: boolean
}

/** Whether the partner may report now. Source: the view of the folder of partners. */
export async function mayReport(tx: Transaction, partner: Id<'ptr'>): Promise<boolean> {
  const rows = await tx`select from partner_duties d where d.partner_id = ${uuidOf(partner)} and d.reports`
  return rows.length === 1
}

/** Contributions of the partner that stand under these external ids. */
export async function selectKnownContributions(
  tx: Transaction,
  partner: Id<'ptr'>,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, KnownFact>> {
  const rows = await tx<{ external_id: string; id: string; fingerprint: string }[]>`
    select c.external_id, c.id, c.fingerprint from contributions c
    where c.partner_id = ${uuidOf(partner)} and c.external_id = any(${[...externalIds]}::text[])`
  return new Map(rows.map((row) => [row.external_id, { id: idOf('ctr', row.id), fingerprint: row.fingerprint }]))
}

/**
 * Looks up customers and agreements of reported contributions, in their order, by one statement. A subject is looked up
 * among this partner's own, and while the partner is in the sandbox it finds synthetic customers only. A customer who was
 * erased is known no more: nothing personal could be written of one.
 */
export async function selectBackgrounds(
  tx: Transaction,
  partner: Id<'ptr'>,
  reported: readonly ReportedContribution[],
): Promise<readonly ContributionBackground[]> {
  const asked = reported.map(({ subject, lead, agreement, occurredAt, value }, place) => ({
    place,
    subject,
    lead,
    agreement_id: agreement === undefined ? undefined : uuidOf(agreement),
    occurred_at: occurredAt.toISOString(),
    asset: value?.asset,
  }))
  const rows = await tx<{ customer_id: string | null; agreement_stands: boolean; asset_fits: boolean }[]>`
    select coalesce(s.customer_id, b.customer_id) as customer_id,
      q.agreement_id is null or exists (
        select from agreements a where a.id = q.agreement_id and a.partner_id = ${uuidOf(partner)}
          and q.occurred_at >= a.starts_at and (a.ends_at is null or q.occurred_at < a.ends_at)) as agreement_stands,
      q.asset is null or exists (
        select from agreements a join programmes p on p.id = a.programme_id
        where a.partner_id = ${uuidOf(partner)} and p.asset = q.asset and (q.agreement_id is null or a.id = q.agreement_id)
          and q.occurred_at >= a.starts_at and (a.ends_at is null or q.occurred_at < a.ends_at)) as asset_fits
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as q (place integer, subject text, lead text, agreement_id uuid, occurred_at timestamptz, asset text)
    left join lateral (
      select ps.customer_id from partner_subjects ps
      join partner_duties d on d.partner_id = ps.partner_id
      join customer_accounts ca on ca.customer_id = ps.customer_id
      where ps.subject = q.subject and ps.partner_id = ${uuidOf(partner)} and (ca.synthetic or not d.synthetic_only)
        and not exists (select from customer_keys k where k.customer_id = ps.customer_id and k.erased_at is not null)
    ) s on true
    left join lead_bindings b on b.partner_id = ${uuidOf(partner)} and b.lead = q.lead
      and not exists (select from customer_keys k where k.customer_id = b.customer_id and k.erased_at is not null)
    order by q.place`
  return rows.map((row) => ({
    customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id),
    agreementStands: row.agreement_stands,
    assetFits: row.asset_fits,
  }))
}

/** A contribution that is to be stored. */
export type NewContribution = {
  readonly id: FactId
  readonly reported: ReportedContribution
  readonly customer: Id<'cus'> | undefined
  readonly status: ContributionStatus
  readonly record: AppendedRecord
}

/**
 * Stores contributions of a partner who may report at the moment of this statement; returns how many, which is all or
 * none. They travel as one JSON text: one statement, however many there are.
 */
export async function insertContributions(
  tx: Transaction,
  partner: Id<'ptr'>,
  contributions: readonly NewContribution[],
): Promise<number> {
  const rows = contributions.map((contribution) => ({ ...contribution, partner }))
  const inserted = await tx`
    ${insertRows(tx, rows)} join partner_duties d on d.partner_id = r.partner_id and d.reports`
  return inserted.count
}

/** A contribution as its record tells it. */
export type ToldContribution = NewContribution & { readonly partner: Id<'ptr'> }

/** Stores contributions as their records tell them: whether the partner may report now is not asked again. */
export async function keepContributions(tx: Transaction, contributions: readonly ToldContribution[]): Promise<void> {
  if (contributions.length > 0) await insertRows(tx, contributions)
}

/** Inserts rows `r`; what follows may narrow them. */
function insertRows(tx: Transaction, contributions: readonly ToldContribution[]): PendingQuery<Row[]> {
  return tx`
    insert into contributions (id, partner_id, external_id, kind, subject, lead, customer_id, agreement_id, occurred_at,
      quantity, asset, amount, campaign, market, product_source, product_external_id, status, fingerprint, record_id,
      recorded_at)
    select r.id, r.partner_id, r.external_id, r.kind, r.subject, r.lead, r.customer_id, r.agreement_id, r.occurred_at,
      r.quantity, r.asset, r.amount, r.campaign, r.market, r.product_source, r.product_external_id, r.status,
      r.fingerprint, r.record_id, r.recorded_at
    from jsonb_to_recordset(${JSON.stringify(contributions.map(rowOf))}::jsonb) as r (id uuid, partner_id uuid,
      external_id text, kind text, subject text, lead text, customer_id uuid, agreement_id uuid, occurred_at timestamptz,
      quantity numeric, asset text, amount numeric, campaign text, market text, product_source text,
      product_external_id text, status text, fingerprint text, record_id uuid, recorded_at timestamptz)`
}

function rowOf({ id, partner, reported, customer, status, record }: ToldContribution): object {
  const { externalId, kind, subject, lead, agreement, occurredAt, quantity, value, campaign, market, product } =
    reported
  return {
    id: uuidOf(id),
    partner_id: uuidOf(partner),
    external_id: externalId,
    kind,
    subject,
    lead,
    customer_id: customer && uuidOf(customer),
    agreement_id: agreement && uuidOf(agreement),
    occurred_at: occurredAt.toISOString(),
    quantity: String(quantity),
    asset: value?.asset,
    amount: value && String(value.minor),
    campaign,
    market,
    product_source: product?.source,
    product_external_id: product?.externalId,
    status,
    fingerprint: reported.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
