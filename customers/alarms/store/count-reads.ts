import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'

/** Whether the turn was taken, and whether what was counted last is another server's. */
export type WatchTurn = { readonly taken: boolean; readonly foreign: boolean }

/** Takes the turn until the transaction ends, if nobody else has it: two statements, as with the batches of disclosures. */
export async function takeWatchTurn(tx: Transaction): Promise<WatchTurn> {
  const held = await tx`select from read_watch_head where one for update skip locked`
  if (held.length === 0) return { taken: false, foreign: false }
  const [row] = await tx<{ foreign: boolean }[]>`
    select tx_id >= pg_snapshot_xmax(pg_current_snapshot()) as foreign from read_watch_head where one`
  return { taken: true, foreign: row?.foreign === true }
}

/** An hour in which a partner's reads were counted. */
export type CountedHour = { readonly partner: Id<'ptr'>; readonly hour: Date }

/** How many disclosures were counted, and in which hours those that are no older than two days. */
export type Counted = { readonly count: number; readonly hours: readonly CountedHour[] }

type Row = { readonly count: number; readonly partner_id: string | null; readonly hour: Date | null }

/**
 * Counts the next disclosures in the order of commits, those older than every transaction that still runs, and moves the
 * head behind them: ONE statement. Who counts has the turn, so nobody else writes what it compares with. A disclosure that
 * comes after one of a later hour for the same customer is a read, but no customer more. Reads by the staff are none of a
 * partner's.
 */
export async function countReads(
  tx: Transaction,
  { limit, timeZone }: { readonly limit: number; readonly timeZone: string },
): Promise<Counted> {
  const rows = await tx<Row[]>`
    with taken as (
      select d.tx_id as place, d.id, d.at, d.partner_id, d.client_id, d.customer_id, d.consent_id, d.outcome
      from read_watch_head h cross join lateral (
        select * from disclosures d
        where (d.tx_id, d.id) > (h.tx_id, h.disclosure_id) and d.tx_id < pg_snapshot_xmin(pg_current_snapshot())
        order by d.tx_id, d.id limit ${limit}
      ) as d where h.one
    ), placed as (
      select t.*, date_trunc('hour', t.at, 'UTC') as hour from taken t where t.partner_id is not null
    ), given as (
      select p.partner_id, p.customer_id, p.hour, bool_or(c.granted_at <= p.at - interval '7 days') as old
      from placed p left join consents c on c.id = p.consent_id
      where p.outcome = 'disclosed' group by p.partner_id, p.customer_id, p.hour
    ), followed as (
      select g.*, greatest(k.last_hour, max(g.hour) over (
        partition by g.partner_id, g.customer_id order by g.hour rows between unbounded preceding and 1 preceding
      )) as before
      from given g
      left join customers_read k on k.partner_id = g.partner_id and k.customer_id = g.customer_id
    ), judged as (
      select f.*, f.before is null or f.hour > f.before as is_new,
        f.before is null or (f.hour at time zone ${timeZone})::date > (f.before at time zone ${timeZone})::date as is_new_day
      from followed f
    ), sums as (
      select p.partner_id, p.hour, count(*)::int as reads, count(*) filter (where p.outcome = 'nothing')::int as misses,
             array_agg(distinct p.client_id order by p.client_id) as clients
      from placed p group by p.partner_id, p.hour
    ), distinct_sums as (
      select j.partner_id, j.hour, count(*) filter (where is_new)::int as customers,
             count(*) filter (where is_new and is_new_day)::int as day_customers,
             count(*) filter (where is_new and is_new_day and old)::int as old_customers,
             count(*) filter (where before is null and old)::int as first_reads
      from judged j group by j.partner_id, j.hour
    ), kept as (
      insert into customers_read as k (partner_id, customer_id, last_hour)
      select partner_id, customer_id, max(hour) from given group by partner_id, customer_id
      on conflict (partner_id, customer_id) do update set last_hour = greatest(k.last_hour, excluded.last_hour)
    ), counted as (
      insert into read_hours as r
        (partner_id, hour, reads, misses, customers, day_customers, old_customers, first_reads, clients)
      select s.partner_id, s.hour, s.reads, s.misses, coalesce(d.customers, 0), coalesce(d.day_customers, 0),
             coalesce(d.old_customers, 0), coalesce(d.first_reads, 0), s.clients
      from sums s left join distinct_sums d on d.partner_id = s.partner_id and d.hour = s.hour
      on conflict (partner_id, hour) do update set
        reads = r.reads + excluded.reads, misses = r.misses + excluded.misses,
        customers = r.customers + excluded.customers, day_customers = r.day_customers + excluded.day_customers,
        old_customers = r.old_customers + excluded.old_customers, first_reads = r.first_reads + excluded.first_reads,
        clients = array(select distinct c from unnest(r.clients || excluded.clients) as c order by c)
      returning partner_id, hour
    ), moved as (
      update read_watch_head h set tx_id = l.place, disclosure_id = l.id
      from (select place, id from taken order by place desc, id desc limit 1) as l where h.one
    )
    select (select count(*)::int from taken) as count, c.partner_id, c.hour
    from (select 1) as one left join counted c on c.hour > now() - interval '2 days'
    order by c.partner_id, c.hour`
  return {
    count: rows[0]?.count ?? 0,
    hours: rows.flatMap(({ partner_id, hour }) =>
      partner_id === null || hour === null ? [] : [{ partner: idOf('ptr', partner_id), hour }],
    ),
  }
}
