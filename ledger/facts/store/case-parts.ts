import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { ProductRef } from '../../agreements/terms.ts'
import type { FilteredFacts } from '../../splits/filter.ts'
import type { FactScope } from '../case-scope.ts'
import type { PlacedCase } from '../placed-case.ts'

/** Reading of one kind of case. */
export type CaseReading = { readonly scope: FactScope; readonly rowsPerBatch: number }

/** What every case's row tells: whose it is, and what governs it. */
export type PlaceRow = {
  readonly agreement_id: string
  readonly partner_code: string
  readonly opened_terms: string | null
  readonly own_terms: string | null
}

/** What a contribution's row tells of what filters look at. */
export type AboutRow = {
  readonly campaign: string | null
  readonly market: string | null
  readonly product_source: string | null
  readonly product_external_id: string | null
}

/** A case in its place; only a refund can correct an earlier period. */
export function placed(row: PlaceRow, fact: PlacedCase['fact'], correctsEarlier = false): PlacedCase {
  const governing = { opened: termsId(row.opened_terms), own: termsId(row.own_terms) }
  return { agreement: idOf('agr', row.agreement_id), partnerCode: row.partner_code, governing, fact, correctsEarlier }
}

/** What filters look at in a contribution; it has no category of its own. */
export function aboutOf(row: AboutRow): FilteredFacts {
  return {
    category: undefined,
    product: productOf(row.product_source, row.product_external_id),
    market: row.market ?? undefined,
    campaign: row.campaign ?? undefined,
  }
}

/** A product where there is one. */
export function productOf(source: string | null, externalId: string | null): ProductRef | undefined {
  return source === null || externalId === null ? undefined : { source, externalId }
}

function termsId(id: string | null): Id<'trm'> | undefined {
  return id === null ? undefined : idOf('trm', id)
}

/** `members`: the agreements of the programme, or one partner's alone; those of one partner do not overlap. */
export function membersOf(sql: Reader, scope: FactScope): Fragment {
  const { partner } = scope
  return sql`members as (
    ${everyMember(sql, scope)} ${partner === undefined ? sql`` : sql`and a.partner_id = ${uuidOf(partner)}`})`
}

function everyMember(sql: Reader, { programme }: FactScope): Fragment {
  return sql`
    select a.id as agreement_id, a.partner_id, d.code collate "C" as partner_code, a.starts_at, a.ends_at
    from agreements a join partner_duties d on d.partner_id = a.partner_id
    where a.programme_id = ${uuidOf(programme)}`
}

/** That a contribution `c` counts for the member `m`: confirmed, made within its agreement, and for no other one. */
export function countsFor(sql: Reader): Fragment {
  return sql`c.partner_id = m.partner_id and c.status = 'CONFIRMED' and c.occurred_at >= m.starts_at
    and (m.ends_at is null or c.occurred_at < m.ends_at)
    and (c.agreement_id is null or c.agreement_id = m.agreement_id)`
}

/** `versions`: the programme's terms with the spans in which they are in force, and how far their paths look back. */
export function versionsOf(sql: Reader, { programme, lookbackDays }: FactScope): Fragment {
  if (lookbackDays !== undefined)
    return sql`versions as materialized (
      select null::uuid as terms_id, '-infinity'::timestamptz as effective_from, null::timestamptz as effective_to,
        ${lookbackDays}::integer as lookback_days)`
  return sql`versions as materialized (
    select t.terms_id, t.effective_from, t.effective_to, (b.body::jsonb ->> 'lookbackDays')::integer as lookback_days
    from terms_in_force t join terms b on b.id = t.terms_id
    where t.programme_id = ${uuidOf(programme)})`
}

/** Joins the version in force at a time, as `name`. */
export function inForceAt(sql: Reader, name: string, at: Fragment): Fragment {
  return sql`left join versions ${sql(name)} on ${at} >= ${sql(name)}.effective_from
    and (${sql(name)}.effective_to is null or ${at} < ${sql(name)}.effective_to)`
}

/**
 * `held`: for each customer the referral that holds, the earliest confirmed one by any member within its agreement; ties
 * go to the smaller partner's code, then to the smaller external id. One after the span has no part in it. For one partner
 * those that it holds, of the customers whom it referred.
 */
export function heldReferrals(sql: Reader, scope: FactScope): Fragment {
  const { to, partner } = scope
  const [whose, own] =
    partner === undefined
      ? [sql``, sql``]
      : [
          sql`and c.customer_id in (select r.customer_id from contributions r
            where r.kind = 'REFERRAL' and r.partner_id = ${uuidOf(partner)})`,
          sql`where f.partner_id = ${uuidOf(partner)}`,
        ]
  return sql`held as (
    select f.* from (
      select distinct on (c.customer_id) c.customer_id, m.agreement_id, m.partner_id, m.partner_code, m.starts_at,
        c.id as contribution_id, c.external_id, c.occurred_at, c.campaign, c.market, c.product_source,
        c.product_external_id, c.referrer_customer_id
      from (${everyMember(sql, scope)}) m join contributions c on c.kind = 'REFERRAL' and ${countsFor(sql)}
      where c.occurred_at < ${to.toISOString()} ${whose}
      order by c.customer_id, c.occurred_at, m.partner_code, c.external_id) f
    ${own})`
}
