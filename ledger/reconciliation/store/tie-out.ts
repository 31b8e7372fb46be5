import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { BankDate } from '../files/read-statement.ts'

/** An account of ours at the end of a day. */
export type AtDay = {
  readonly account: Id<'obk'>
  readonly path: string
  readonly asset: string
  readonly on: BankDate
}

/** A piece of money, and how much of it the other side does not have. Minor units; positive is money of ours. */
export type OpenEntry = {
  readonly entry: Id<'bke'>
  readonly bookedOn: BankDate
  readonly minor: bigint
  readonly break: Id<'brk'> | undefined
}
export type OpenPosting = { readonly journalEntry: Id<'jre'>; readonly reference: string; readonly minor: bigint }
export type OpenGap = { readonly on: BankDate; readonly minor: bigint }

/** The last closing balance on or before a day. */
export async function selectClosing(
  sql: Reader,
  account: Id<'obk'>,
  on: BankDate | undefined,
): Promise<{ readonly on: BankDate; readonly minor: bigint } | undefined> {
  const [row] = await sql<{ day: string; closing: string }[]>`
    select closing_on::text as day, closing::text as closing from bank_statements
    where own_account_id = ${uuidOf(account)} and closing is not null
      ${on === undefined ? sql`` : sql`and closing_on <= ${on}::date`}
    order by closing_on desc, made_at desc nulls last, imported_at desc, id desc limit 1`
  return row && { on: row.day, minor: BigInt(row.closing) }
}

/** What stands on the account of the journal. */
export async function selectLedger(sql: Reader, day: AtDay): Promise<bigint> {
  const [row] = await sql<{ minor: string }[]>`
    select coalesce(sum(p.amount), 0)::text as minor from postings p join accounts a on a.id = p.account_id
    where a.path = ${day.path} and p.asset = ${day.asset} and p.at < ${day.on}::date + 1`
  return BigInt(row?.minor ?? 0)
}

/** Entries of the bank that the journal does not have, or has later; and their sum. */
export async function selectOpenEntries(sql: Reader, day: AtDay, limit: number) {
  const rows = await sql<{ id: string; booked_on: string; minor: string; break_id: string | null; total: string }[]>`
    select e.id, e.booked_on::text as booked_on, o.minor::text as minor, b.id as break_id,
      sum(o.minor) over ()::text as total
    from bank_entries e
    cross join lateral (select e.amount - coalesce(sum(n.amount), 0) as minor from (${postedFor(sql, day)}) n
      where n.entry_id = e.id) o
    left join bank_breaks b on b.entry_id = e.id and b.status = 'OPEN'
    where e.own_account_id = ${uuidOf(day.account)} and e.booked_on <= ${day.on}::date and o.minor <> 0
      and not exists (select from bank_matches m where m.entry_id = e.id and m.how = 'SET_ASIDE')
    order by e.booked_on, e.id limit ${limit}`
  const list = rows.map(
    (row): OpenEntry => ({
      entry: idOf('bke', row.id),
      bookedOn: row.booked_on,
      minor: BigInt(row.minor),
      break: row.break_id === null ? undefined : idOf('brk', row.break_id),
    }),
  )
  return { list, total: BigInt(rows[0]?.total ?? 0) }
}

/** Entries of the journal on the account that stand for nothing at the bank by that day; and their sum. */
export async function selectOpenPostings(sql: Reader, day: AtDay, limit: number) {
  const rows = await sql<{ id: string; reference: string; minor: string; total: string }[]>`
    select j.id, j.reference, sum(p.amount)::text as minor, sum(sum(p.amount)) over ()::text as total
    from postings p join accounts a on a.id = p.account_id join journal_entries j on j.id = p.entry_id
    where a.path = ${day.path} and p.asset = ${day.asset} and p.at < ${day.on}::date + 1
      and not exists (
        select from bank_postings n
        left join bank_entries e on e.id = n.entry_id left join bank_breaks b on b.id = n.break_id
        where n.journal_entry_id = j.id and coalesce(e.booked_on, b.gap_on) <= ${day.on}::date
      )
    group by j.id, j.reference having sum(p.amount) <> 0 order by j.id limit ${limit}`
  const list = rows.map(
    ({ id, reference, minor }): OpenPosting => ({ journalEntry: idOf('jre', id), reference, minor: BigInt(minor) }),
  )
  return { list, total: BigInt(rows[0]?.total ?? 0) }
}

/** What of the gaps between closing balances up to that day was booked by then, by the day of the gap. */
export async function selectBookedGaps(sql: Reader, day: AtDay): Promise<ReadonlyMap<BankDate, bigint>> {
  const rows = await sql<{ day: string; minor: string }[]>`
    select b.gap_on::text as day, sum(n.amount)::text as minor
    from (${postedFor(sql, day)}) n join bank_breaks b on b.id = n.break_id
    where b.gap_on <= ${day.on}::date group by b.gap_on`
  return new Map(rows.map(({ day: gap, minor }) => [gap, BigInt(minor)]))
}

/** Entries of the journal up to a day that stand for something at the bank. */
function postedFor(sql: Reader, { account, on }: AtDay): Fragment {
  return sql`
    select p.entry_id, p.break_id, p.amount from bank_postings p join journal_entries j on j.id = p.journal_entry_id
    where p.own_account_id = ${uuidOf(account)} and j.at < ${on}::date + 1`
}
