import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Balance, BalanceFilter } from '../balance.ts'
import { belowPrefix } from './accounts.ts'
import { BLOCK_RECORDS } from './folding.ts'

const DAY_MS = 86_400_000

/** Which balances, and which page of them: up to one more than it holds, in its direction. */
type PagedFilter = BalanceFilter & { readonly page?: Page | undefined }

type Row = Omit<Balance, 'minor'> & { readonly minor: string }

/** Everything: folded, and not yet folded, at one snapshot. */
export async function selectBalances(sql: Reader, filter: PagedFilter): Promise<readonly Balance[]> {
  const parts = sql`
    select account_id, asset, amount from balance_totals where kind = 'ALL'
    union all
    select account_id, asset, amount from unfolded_postings()`
  return (await sql<Row[]>`${summed(sql, parts, filter)}`).map(balanceOf)
}

/**
 * What is dated before the nearest midnight (UTC) comes from the totals of days and from what is not yet folded; what lies
 * between that midnight and the instant is added or taken away posting by posting, folded or not.
 */
export async function selectBalancesAt(sql: Reader, at: Date, filter: PagedFilter): Promise<readonly Balance[]> {
  const [midnight, instant] = [nearestMidnight(at).toISOString(), at.toISOString()]
  const late = midnight > instant
  const parts = sql`
    select account_id, asset, amount from balance_totals
    where kind = 'DAY' and step < floor(extract(epoch from ${midnight}::timestamptz) / 86400)
    union all
    select account_id, asset, amount from unfolded_postings() where at < ${midnight}::timestamptz
    union all
    select p.account_id, p.asset, ${late ? sql`-p.amount` : sql`p.amount`}
    from journal_entries e join postings p on p.entry_id = e.id
    where ${
      late
        ? sql`e.at > ${instant}::timestamptz and e.at < ${midnight}::timestamptz`
        : sql`e.at >= ${midnight}::timestamptz and e.at <= ${instant}::timestamptz`
    }`
  return (await sql<Row[]>`${summed(sql, parts, filter)}`).map(balanceOf)
}

function nearestMidnight(at: Date): Date {
  return new Date(Math.round(at.getTime() / DAY_MS) * DAY_MS)
}

/** Whole blocks of the log from the totals, the rest from its postings; and how many records are sealed. */
export async function selectBalancesBySeq(
  sql: Reader,
  seq: number,
  filter: PagedFilter,
): Promise<{ readonly size: number; readonly balances: readonly Balance[] }> {
  const parts = sql`
    select t.account_id, t.asset, t.amount from balance_totals t where t.kind = 'BLOCK' and t.step < (select block from cut)
    union all
    select p.account_id, p.asset, p.amount
    from seals s join journal_entries e on e.record_id = s.record_id join postings p on p.entry_id = e.id
    where s.seq > (select block from cut) * ${BLOCK_RECORDS}::bigint and s.seq <= ${seq}::bigint`
  const rows = await sql<(Row & { size: string })[]>`
    with cut as (select least(${seq}::bigint, h.size) / ${BLOCK_RECORDS}::bigint as block from balance_head h)
    select h.size, b.account, b.asset, b.minor
    from (select size from seal_head) h left join (${summed(sql, parts, filter)}) b on true
    order by ${filter.page?.direction === 'backward' ? sql`b.account desc, b.asset desc` : sql`b.account, b.asset`}`
  return { size: Number(rows[0]?.size ?? 0), balances: rows.filter(({ account }) => account !== null).map(balanceOf) }
}

function summed(sql: Reader, parts: Fragment, { prefix, asset, together, page }: PagedFilter): Fragment {
  const forward = page?.direction !== 'backward'
  return sql`
    select a.path as account, t.asset, sum(t.amount)::text as minor
    from (${parts}) t join ${toldAs(sql, together)} a on a.id = t.account_id
    where ${belowPrefix(sql, prefix)}
      ${asset === undefined ? sql`` : sql`and t.asset = ${asset}`}
      ${beyond(sql, page)}
    group by a.path, t.asset having sum(t.amount) <> 0
    order by ${forward ? sql`a.path, t.asset` : sql`a.path desc, t.asset desc`}
    ${page === undefined ? sql`` : sql`limit ${page.limit + 1}`}`
}

/** Accounts by the names under which they are told. */
export function toldAs(sql: Reader, together: readonly string[] | undefined): Fragment {
  if (together === undefined) return sql`accounts`
  return sql`(
    select a.id, coalesce((
      select w.path from unnest(${[...together]}::text[]) as w (path) where starts_with(a.path, w.path || ':') limit 1
    ), a.path) collate "C" as path from accounts a)`
}

function beyond(sql: Reader, page: Page | undefined): Fragment {
  const [path, asset] = page?.cursor ?? []
  if (path === undefined || asset === undefined) return sql``
  return page?.direction === 'backward'
    ? sql`and (a.path, t.asset) < (${path}, ${asset})`
    : sql`and (a.path, t.asset) > (${path}, ${asset})`
}

function balanceOf({ account, asset, minor }: Row): Balance {
  return { account, asset, minor: BigInt(minor) }
}
