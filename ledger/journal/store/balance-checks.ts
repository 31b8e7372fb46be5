import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { BLOCK_RECORDS } from './folding.ts'

/** A folded total, and what its postings add up to; `null` where there is none. */
export type TotalDifference = {
  readonly account: string
  readonly asset: string
  readonly folded: string | null
  readonly posted: string | null
}

export async function countSealed(sql: Reader): Promise<number> {
  const [row] = await sql<{ size: string }[]>`select size from seal_head`
  return Number(row?.size ?? 0)
}

/** How far the folding is, whether it stands at the record that is sealed there, and up to which block there are totals. */
export async function selectFoldHead(
  sql: Reader,
): Promise<{ readonly size: number; readonly sound: boolean; readonly blocks: number }> {
  const [row] = await sql<{ size: string; sound: boolean; blocks: string }[]>`
    select h.size, (select coalesce(max(t.step) + 1, 0) from balance_totals t where t.kind = 'BLOCK') as blocks, case when h.size = 0 then h.tx_id = '0'
      else exists (select from seals s join records r on r.id = s.record_id
                   where s.seq = h.size and r.id = h.record_id and r.tx_id = h.tx_id) end as sound
    from balance_head h where h.one`
  return { size: Number(row?.size ?? 0), sound: row?.sound ?? false, blocks: Number(row?.blocks ?? 0) }
}

/** Totals of one block of the log that are not what the postings of its records add up to, at one snapshot. */
export async function selectWrongInBlock(sql: Reader, block: number): Promise<readonly TotalDifference[]> {
  return differences(
    sql,
    sql`kind = 'BLOCK' and step = ${block}::bigint`,
    sql`
      select p.account_id, p.asset, p.amount
      from seals s join journal_entries e on e.record_id = s.record_id join postings p on p.entry_id = e.id
      where s.seq > ${block * BLOCK_RECORDS}::bigint and s.seq <= ${(block + 1) * BLOCK_RECORDS}::bigint
        and s.seq <= (select h.size from balance_head h where h.one)`,
  )
}

/** Totals of one day that are not what the folded postings of that day add up to, at one snapshot. */
export async function selectWrongOnDay(sql: Reader, day: number): Promise<readonly TotalDifference[]> {
  return differences(
    sql,
    sql`kind = 'DAY' and step = ${day}::bigint`,
    sql`
      select p.account_id, p.asset, p.amount
      from journal_entries e join postings p on p.entry_id = e.id join seals s on s.record_id = e.record_id
      where e.at >= to_timestamp(${day}::bigint * 86400) and e.at < to_timestamp((${day}::bigint + 1) * 86400)
        and s.seq <= (select h.size from balance_head h where h.one)`,
  )
}

/** Totals of everything that are not what the totals of all blocks add up to, at one snapshot. */
export async function selectWrongInAll(sql: Reader): Promise<readonly TotalDifference[]> {
  return differences(
    sql,
    sql`kind = 'ALL'`,
    sql`select account_id, asset, amount from balance_totals where kind = 'BLOCK'`,
  )
}

/** The next day after one that has a total or an entry; `undefined` when there is none. */
export async function selectNextDay(sql: Reader, after: number | undefined): Promise<number | undefined> {
  const from = after === undefined ? sql`'-infinity'::timestamptz` : sql`to_timestamp((${after}::bigint + 1) * 86400)`
  const [row] = await sql<{ day: string | null }[]>`
    select least(
      (select floor(extract(epoch from e.at) / 86400)::bigint from journal_entries e
       where e.at >= ${from} order by e.at, e.id limit 1),
      (select min(t.step) from balance_totals t
       where t.kind = 'DAY' ${after === undefined ? sql`` : sql`and t.step > ${after}::bigint`})
    ) as day`
  return row?.day == null ? undefined : Number(row.day)
}

async function differences(sql: Reader, which: Fragment, postings: Fragment): Promise<readonly TotalDifference[]> {
  return sql<TotalDifference[]>`
    with folded as (
      select account_id, asset, sum(amount) as amount from balance_totals where ${which} group by account_id, asset
    ), posted as (
      select p.account_id, p.asset, sum(p.amount) as amount from (${postings}) p group by p.account_id, p.asset
    )
    select coalesce(a.path, coalesce(f.account_id, p.account_id)::text) as account, coalesce(f.asset, p.asset) as asset,
      f.amount::text as folded, p.amount::text as posted
    from folded f full join posted p on p.account_id = f.account_id and p.asset = f.asset
    left join accounts a on a.id = coalesce(f.account_id, p.account_id)
    where coalesce(f.amount, 0) <> coalesce(p.amount, 0) or (f.amount is null) <> (p.amount is null)
    order by account, asset limit 1000`
}
