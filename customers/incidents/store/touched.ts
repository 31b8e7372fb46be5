import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { ConsentStatus } from '../../consent.ts'
import type { IncidentScope, Touched } from '../incident.ts'

/** Counts what a scope touches: different customers of whom something was given, and how often. */
export async function countTouched(sql: Reader, scope: IncidentScope): Promise<Touched> {
  const [row] = await sql<{ customers: number; disclosures: string }[]>`
    select count(distinct d.customer_id)::int as customers, count(*) as disclosures
    from disclosures d
    where d.partner_id = any (${uuids(scope.partners)}::text[]::uuid[]) and ${inScope(sql, scope)}
      and (${scope.consents.length === 0} or d.consent_id = any (${uuids(scope.consents)}::text[]::uuid[]))`
  return { customers: row?.customers ?? 0, disclosures: Number(row?.disclosures ?? 0) }
}

/** A consent that an incident touches, and whose it is. */
export type TouchedConsent = { readonly consent: Id<'cns'>; readonly customer: Id<'cus'> }

/** Some of the touched consents that are in one of these states now: those named, or those under which something was read. */
export async function selectTouchedConsents(
  sql: Reader,
  scope: IncidentScope,
  { statuses, limit }: { readonly statuses: readonly ConsentStatus[]; readonly limit: number },
): Promise<readonly TouchedConsent[]> {
  const rows = await sql<{ id: string; customer_id: string }[]>`
    select c.id, c.customer_id from consents c
    cross join lateral consent_standing(c, clock_timestamp()) as n
    where ${isTouched(sql, scope)} and c.status = any (${[...statuses]}::text[]) and n.status = any (${[...statuses]}::text[])
    order by c.id limit ${limit}`
  return rows.map(({ id, customer_id }) => ({ consent: idOf('cns', id), customer: idOf('cus', customer_id) }))
}

/** How many of the touched consents stand so. */
export async function countTouchedConsents(sql: Reader, scope: IncidentScope, status: ConsentStatus): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from consents c where ${isTouched(sql, scope)} and c.status = ${status}`
  return row?.count ?? 0
}

function isTouched(sql: Reader, scope: IncidentScope): Fragment {
  const named = scope.consents.length > 0
  return sql`
    c.partner_id = any (${uuids(scope.partners)}::text[]::uuid[]) and case when ${named}
      then c.id = any (${uuids(scope.consents)}::text[]::uuid[])
      else exists (select from disclosures d
        where d.customer_id = c.customer_id and d.consent_id = c.id and ${inScope(sql, scope)}) end`
}

function inScope(sql: Reader, { clients, from, to }: IncidentScope): Fragment {
  return sql`
    d.at >= ${from.toISOString()}::timestamptz and d.at < ${to.toISOString()}::timestamptz and d.outcome = 'disclosed'
    and (${clients.length === 0} or d.client_id = any (${uuids(clients)}::text[]::uuid[]))`
}

/** Which of these, ids or codes, are partners. */
export async function selectNamedPartners(
  sql: Reader,
  named: readonly string[],
): Promise<ReadonlyMap<string, Id<'ptr'>>> {
  const rows = await sql<{ named: string; partner_id: string }[]>`
    select n.named, d.partner_id from unnest(${[...named]}::text[]) as n (named)
    join partner_duties d on d.code = n.named or 'ptr_' || replace(d.partner_id::text, '-', '') = n.named`
  return new Map(rows.map(({ named: name, partner_id }) => [name, idOf('ptr', partner_id)]))
}

function uuids(ids: readonly Id<'ptr' | 'cli' | 'cns'>[]): string[] {
  return ids.map(uuidOf)
}
