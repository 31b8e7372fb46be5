import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { Span } from '../../../kernel/month.ts'

/** How many of how many. */
export type Counted = { readonly good: number; readonly all: number }

/** Ends of consents that a partner was told of in a span, and of them those that it acknowledged within a time. */
export async function countAcknowledged(
  sql: Reader,
  partner: Id<'ptr'>,
  { from, to }: Span,
  withinSeconds: number,
): Promise<Counted> {
  const [row] = await sql<Counted[]>`
    select count(*)::int as all,
      count(*) filter (where acknowledged_at <= told_at + make_interval(secs => ${withinSeconds}))::int as good
    from partner_consent_ends
    where partner_id = ${uuidOf(partner)}
      and told_at >= ${from.toISOString()}::timestamptz and told_at < ${to.toISOString()}::timestamptz`
  return { good: row?.good ?? 0, all: row?.all ?? 0 }
}

/** Deletions of a partner that were due in a span, and of them those that it attested in time. */
export async function countDeleted(sql: Reader, partner: Id<'ptr'>, { from, to }: Span): Promise<Counted> {
  const [row] = await sql<Counted[]>`
    select count(*)::int as all, count(*) filter (where attested_at <= due_at)::int as good
    from partner_consent_ends
    where partner_id = ${uuidOf(partner)}
      and due_at >= ${from.toISOString()}::timestamptz and due_at < ${to.toISOString()}::timestamptz`
  return { good: row?.good ?? 0, all: row?.all ?? 0 }
}

/** Clients that a partner had at an instant, and of them those whose keys were not older than a year then. */
export async function countYoungKeys(sql: Reader, partner: Id<'ptr'>, at: Date): Promise<Counted> {
  const then = at.toISOString()
  const [row] = await sql<Counted[]>`
    select count(*)::int as all,
      count(*) filter (where keys_since > ${then}::timestamptz - interval '1 year')::int as good
    from clients
    where partner_id = ${uuidOf(partner)} and created_at < ${then}::timestamptz
      and (revoked_at is null or revoked_at >= ${then}::timestamptz)`
  return { good: row?.good ?? 0, all: row?.all ?? 0 }
}
