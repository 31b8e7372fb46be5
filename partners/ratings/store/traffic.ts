import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { TrafficCounts } from '../traffic.ts'

/** Adds to the hour in which it is by the database's clock. Of partners that are live alone: what is tried in the sandbox counts for nothing. */
export async function addTraffic(tx: Transaction, counts: readonly TrafficCounts[]): Promise<void> {
  const rows = counts.map(({ partner, ...numbers }) => ({ partner_id: uuidOf(partner), ...numbers }))
  await tx`
    insert into partner_traffic as t (partner_id, hour, requests, refused, throttled, replays)
    select c.partner_id, date_trunc('hour', clock_timestamp(), 'UTC'), c.requests, c.refused, c.throttled, c.replays
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as c (partner_id uuid, requests bigint, refused bigint, throttled bigint, replays bigint)
    join partners p on p.id = c.partner_id and p.status = 'LIVE' order by c.partner_id
    on conflict on constraint partner_traffic_pkey do update
      set requests = t.requests + excluded.requests, refused = t.refused + excluded.refused,
          throttled = t.throttled + excluded.throttled, replays = t.replays + excluded.replays`
}

/** Messages to a partner since the last time: tried, of them taken, and of those within a second. */
export type AttemptCounts = {
  readonly partner: Id<'ptr'>
  readonly attempts: number
  readonly taken: number
  readonly prompt: number
}

/** The same of partners that are live. */
export async function addAttempts(tx: Transaction, counts: readonly AttemptCounts[]): Promise<void> {
  const rows = counts.map(({ partner, ...numbers }) => ({ partner_id: uuidOf(partner), ...numbers }))
  await tx`
    insert into partner_traffic as t (partner_id, hour, attempts, taken, prompt)
    select c.partner_id, date_trunc('hour', clock_timestamp(), 'UTC'), c.attempts, c.taken, c.prompt
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as c (partner_id uuid, attempts bigint, taken bigint, prompt bigint)
    join partners p on p.id = c.partner_id and p.status = 'LIVE' order by c.partner_id
    on conflict on constraint partner_traffic_pkey do update
      set attempts = t.attempts + excluded.attempts, taken = t.taken + excluded.taken, prompt = t.prompt + excluded.prompt`
}

/** Removes up to so many hours that are older than so many days. */
export async function deleteOldTraffic(tx: Transaction, days: number, most: number): Promise<number> {
  const rows = await tx`
    delete from partner_traffic where ctid in (
      select ctid from partner_traffic where hour < now() - make_interval(days => ${days}) limit ${most})`
  return rows.count
}

/** What a partner's traffic came to in a span of whole hours. */
export async function sumTraffic(
  sql: Reader,
  partner: Id<'ptr'>,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<
  Omit<TrafficCounts, 'partner'> & { readonly attempts: number; readonly taken: number; readonly prompt: number }
> {
  const [row] = await sql<
    Record<'requests' | 'refused' | 'throttled' | 'replays' | 'attempts' | 'taken' | 'prompt', string>[]
  >`
    select coalesce(sum(requests), 0) as requests, coalesce(sum(refused), 0) as refused,
      coalesce(sum(throttled), 0) as throttled, coalesce(sum(replays), 0) as replays,
      coalesce(sum(attempts), 0) as attempts, coalesce(sum(taken), 0) as taken, coalesce(sum(prompt), 0) as prompt
    from partner_traffic where partner_id = ${uuidOf(partner)}
      and hour >= ${from.toISOString()}::timestamptz and hour < ${to.toISOString()}::timestamptz`
  const of = (text: string | undefined): number => Number(text ?? 0)
  return {
    ...{ requests: of(row?.requests), refused: of(row?.refused), throttled: of(row?.throttled) },
    ...{ replays: of(row?.replays), attempts: of(row?.attempts), taken: of(row?.taken), prompt: of(row?.prompt) },
  }
}
