import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import { type Asset, isAsset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'

/** The place of a posting on an account: time as the database writes it, entry and line. */
export type LineKey = readonly [at: string, entry: string, line: string]

export type StatementLineRow = {
  readonly entry: Id<'jre'>
  readonly line: number
  readonly at: Date
  readonly reference: string
  readonly description: string
  readonly minor: bigint
  readonly balance: bigint
  readonly key: LineKey
}

type StatementQuery = {
  readonly account: string
  readonly asset: Asset
  readonly from: Date | undefined
  readonly to: Date | undefined
  readonly page: Page & { readonly cursor: LineKey | undefined }
}

type Row = {
  readonly opening: string
  readonly closing: string
  readonly entry_id: string | null
  readonly line: number
  readonly at: Date
  readonly key_at: string
  readonly reference: string
  readonly description: string
  readonly amount: string
  readonly balance: string
}

/** The assets that an account holds or held. */
export async function selectAssetsOf(sql: Reader, account: string): Promise<readonly Asset[]> {
  const rows = await sql<{ asset: string }[]>`
    with account as (select a.id from accounts a where a.path = ${account})
    select t.asset from balance_totals t where t.kind = 'ALL' and t.account_id = (select id from account)
    union
    select u.asset from unfolded_postings() u where u.account_id = (select id from account)
    order by asset`
  return rows.map(({ asset }) => asset).filter(isAsset)
}

/**
 * A page of an account's postings with opening, running and closing balance, in one statement and so at one snapshot: up
 * to one line more than the page holds, in the page's direction. `undefined` when there is no such account.
 */
export async function selectStatement(
  sql: Reader,
  { account, asset, from, to, page }: StatementQuery,
): Promise<
  { readonly opening: bigint; readonly closing: bigint; readonly lines: readonly StatementLineRow[] } | undefined
> {
  // by itself: an account stays, and the planner must see which one it is to know how much there is of it
  const [known] = await sql<{ id: string }[]>`select a.id from accounts a where a.path = ${account}`
  if (known === undefined) return undefined
  const own: OwnPostings = { id: known.id, asset }
  const order = page.direction === 'forward' ? sql`at, entry_id, line` : sql`at desc, entry_id desc, line desc`
  const rows = await sql<Row[]>`
    with tail as materialized (
      select u.at, u.amount from unfolded_postings() u where ${areOwn(sql, sql`u`, own)}
    ), page as materialized (
      select p.at, p.entry_id, p.line, p.amount from postings p
      where ${areOwn(sql, sql`p`, own)} ${within(sql, from, to)} ${beyond(sql, page)}
      order by ${order} limit ${page.limit + 1}
    ), first as materialized (
      select at, entry_id, line from page order by at, entry_id, line limit 1
    )
    select ${from === undefined ? sql`0` : before(sql, own, startOf(sql, from))} as opening,
      ${to === undefined ? everything(sql, own) : before(sql, own, startOf(sql, to))} as closing,
      page.entry_id, page.line, page.at, page.at::text as key_at, page.amount, e.reference, e.description,
      (${before(sql, own, sql`select at, entry_id, line from first`)})
        + sum(page.amount) over (order by page.at, page.entry_id, page.line) as balance
    from (select) one left join page on true left join journal_entries e on e.id = page.entry_id
    order by ${order}`
  const [row] = rows
  invariant(row, 'a statement has its balances, also without lines')
  return { opening: BigInt(row.opening), closing: BigInt(row.closing), lines: rows.flatMap(lineOf) }
}

/** Postings or totals of one account in one asset. */
type OwnPostings = { readonly id: string; readonly asset: Asset }

function areOwn(sql: Reader, of: Fragment, { id, asset }: OwnPostings): Fragment {
  return sql`${of}.account_id = ${id}::uuid and ${of}.asset = ${asset}`
}

function within(sql: Reader, from: Date | undefined, to: Date | undefined): Fragment {
  return sql`
    ${from === undefined ? sql`` : sql`and p.at >= ${from.toISOString()}::timestamptz`}
    ${to === undefined ? sql`` : sql`and p.at < ${to.toISOString()}::timestamptz`}`
}

function beyond(sql: Reader, { cursor, direction }: StatementQuery['page']): Fragment {
  if (cursor === undefined) return sql``
  const [at, entry, line] = cursor
  const place = sql`(${at}::text::timestamptz, ${entry}::uuid, ${line}::text::integer)`
  return direction === 'forward'
    ? sql`and (p.at, p.entry_id, p.line) > ${place}`
    : sql`and (p.at, p.entry_id, p.line) < ${place}`
}

/** The place before everything at an instant. */
function startOf(sql: Reader, at: Date): Fragment {
  return sql`select ${at.toISOString()}::timestamptz as at, ${FIRST_ID}::uuid as entry_id, 0 as line`
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** All that stands on the account. */
function everything(sql: Reader, own: OwnPostings): Fragment {
  return sql`(
    select coalesce(sum(t.amount), 0) + (select coalesce(sum(amount), 0) from tail) from balance_totals t
    where t.kind = 'ALL' and ${areOwn(sql, sql`t`, own)})`
}

/**
 * What stands on the account before a place: the days before the nearest midnight (UTC) from the totals, with what is not
 * folded of them, and from there to the place posting by posting, forth or back.
 */
function before(sql: Reader, own: OwnPostings, place: Fragment): Fragment {
  return sql`(
    select (
        select coalesce(sum(t.amount), 0) from balance_totals t
        where t.kind = 'DAY' and ${areOwn(sql, sql`t`, own)}
          and t.step < floor(extract(epoch from m.midnight) / 86400)
      ) + (
        select coalesce(sum(tail.amount), 0) from tail where tail.at < m.midnight
      ) + (
        select coalesce(sum(p.amount), 0) from postings p
        where ${areOwn(sql, sql`p`, own)} and p.at >= m.midnight and (p.at, p.entry_id, p.line) < (m.at, m.entry_id, m.line)
      ) - (
        select coalesce(sum(p.amount), 0) from postings p
        where ${areOwn(sql, sql`p`, own)} and p.at < m.midnight and (p.at, p.entry_id, p.line) >= (m.at, m.entry_id, m.line)
      )
    from (
      select i.at, i.entry_id, i.line, date_trunc('day', i.at + interval '12 hours', 'UTC') as midnight from (${place}) i
    ) m)`
}

function lineOf(row: Row): readonly StatementLineRow[] {
  if (row.entry_id === null) return []
  return [
    {
      entry: idOf('jre', row.entry_id),
      line: row.line,
      at: row.at,
      reference: row.reference,
      description: row.description,
      minor: BigInt(row.amount),
      balance: BigInt(row.balance),
      key: [row.key_at, row.entry_id, String(row.line)],
    },
  ]
}
