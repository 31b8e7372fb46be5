import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { DueConsent } from '../../store/due-consents.ts'
import type { ExitNotice } from '../exit-notice.ts'

/** Makes those that end consents of exits take turns until their transactions end: notices are then read in their order. */
export async function takeExitTurn(tx: Transaction): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('consents:exits', 0))`
}

/** Some consents to a partner that stand, those that are suspended too. */
export async function selectStandingTo(
  tx: Transaction,
  partner: Id<'ptr'>,
  limit: number,
): Promise<readonly DueConsent[]> {
  const rows = await tx<{ id: string; customer_id: string }[]>`
    select c.id, c.customer_id from consents c
    where c.partner_id = ${uuidOf(partner)} and c.status in ('AUTHORISED', 'SUSPENDED') order by c.id limit ${limit}`
  return rows.map(({ id, customer_id }) => ({ consent: idOf('cns', id), customer: idOf('cus', customer_id) }))
}

/** How many consents to a partner have ended because it leaves. */
export async function countEnded(sql: Reader, partner: Id<'ptr'>): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from consents c
    join consent_events e on e.consent_id = c.id and e.by = 'PARTNER_EXIT' where c.partner_id = ${uuidOf(partner)}`
  return row?.count ?? 0
}

/** How many of something there are, and ids of up to ten of them. */
export type Found = { readonly count: number; readonly examples: readonly Id<'cns'>[] }

/** Consents to a partner that stand. */
export async function findStandingTo(sql: Reader, partner: Id<'ptr'>): Promise<Found> {
  const [row] = await sql<{ count: number; examples: readonly string[] }[]>`
    with found as materialized (
      select c.id from consents c where c.partner_id = ${uuidOf(partner)} and c.status in ('AUTHORISED', 'SUSPENDED')
    )
    select count(*)::int as count, array(select f.id::text from found f order by f.id limit 10) as examples from found`
  return foundOf(row)
}

/** Consents to a partner that ended and whose data it has not said to have deleted; and the latest day by which it has to. */
export async function findUnattested(
  sql: Reader,
  partner: Id<'ptr'>,
): Promise<Found & { readonly dueAt: Date | undefined }> {
  const [row] = await sql<{ count: number; examples: readonly string[]; due_at: Date | null }[]>`
    with found as materialized (
      select d.consent_id, d.due_at from consent_deletions d
      where d.partner_id = ${uuidOf(partner)} and d.attested_at is null
    )
    select count(*)::int as count, max(f.due_at) as due_at,
      array(select e.consent_id::text from found e order by e.consent_id limit 10) as examples
    from found f`
  return { ...foundOf(row), dueAt: row?.due_at ?? undefined }
}

/** Some consents to a partner whose data it has not said to have deleted, in the order of their ids. */
export async function selectUnattested(sql: Reader, partner: Id<'ptr'>, limit: number): Promise<readonly Id<'cns'>[]> {
  const rows = await sql<{ consent_id: string }[]>`
    select d.consent_id from consent_deletions d
    where d.partner_id = ${uuidOf(partner)} and d.attested_at is null order by d.consent_id limit ${limit}`
  return rows.map(({ consent_id }) => idOf('cns', consent_id))
}

/** Where a page of notices goes on. */
export type NoticePlace = { readonly at: Date; readonly consent: Id<'cns'> }

/** Consents that ended because their partner left, behind a place, the first ended first. */
export async function selectExitNotices(
  sql: Reader,
  { after, limit }: { readonly after: NoticePlace | undefined; readonly limit: number },
): Promise<readonly (ExitNotice & NoticePlace)[]> {
  const beyond =
    after === undefined
      ? sql``
      : sql`and (e.at, e.consent_id) > (${after.at.toISOString()}::timestamptz, ${uuidOf(after.consent)}::uuid)`
  const rows = await sql<
    { account_key: string; consent_id: string; code: string; name: string; purpose: string; at: Date }[]
  >`
    select a.account_key, e.consent_id, n.code, n.name, c.purpose, e.at
    from consent_events e
    join consents c on c.id = e.consent_id
    join customer_accounts a on a.customer_id = c.customer_id
    join partner_names n on n.partner_id = c.partner_id
    where e.by = 'PARTNER_EXIT' ${beyond} order by e.at, e.consent_id limit ${limit}`
  return rows.map(({ account_key: accountKey, consent_id, code, name, ...row }) => ({
    ...{ accountKey, consent: idOf('cns', consent_id), partnerCode: code, partnerName: name },
    ...row,
  }))
}

/** Which partners left a customer in the last so many days, and when. */
export async function selectLeavers(
  sql: Reader,
  customer: Id<'cus'>,
  days: number,
): Promise<readonly { readonly partner: Id<'ptr'>; readonly at: Date }[]> {
  const rows = await sql<{ partner_id: string; at: Date }[]>`
    select c.partner_id, max(e.at) as at from consents c
    join consent_events e on e.consent_id = c.id and e.by = 'PARTNER_EXIT'
    where c.customer_id = ${uuidOf(customer)} and e.at > clock_timestamp() - make_interval(days => ${days})
    group by c.partner_id order by at desc`
  return rows.map(({ partner_id, at }) => ({ partner: idOf('ptr', partner_id), at }))
}

function foundOf(row: { readonly count: number; readonly examples: readonly string[] } | undefined): Found {
  return { count: row?.count ?? 0, examples: (row?.examples ?? []).map((id) => idOf('cns', id)) }
}
