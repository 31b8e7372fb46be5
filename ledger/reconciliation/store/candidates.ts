import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { PayoutStatus } from '../../payouts/payout.ts'
import type { BankEntry } from '../bank-entry.ts'
import type { PayoutCandidate } from '../payout-candidate.ts'

type Row = {
  readonly id: string
  readonly number: string
  readonly status: PayoutStatus
  readonly asset: Asset
  readonly transfer: string
  readonly own_account: string
  readonly account_id: string
  readonly settled: boolean
  readonly returned: boolean
}

/** As the tables have it: the account's number is sealed. */
export type CandidateRow = Omit<PayoutCandidate, 'accountDigest'>

/** More than these are ambiguous in any case. */
const MOST = 20
/** A batch has at most so many payouts that are looked at as one. */
const MOST_OF_BATCH = 10_000

/** Payouts with these end-to-end ids, in lower case; of an asset. */
export async function selectByEndToEnd(
  sql: Reader,
  { asset }: BankEntry,
  ids: readonly string[],
): Promise<readonly CandidateRow[]> {
  if (ids.length === 0) return []
  return rowsOf(sql, sql`p.end_to_end_id = any (${ids as string[]}::text[]) and p.asset = ${asset}`)
}

/** Payouts of issued statements with these numbers that were instructed once. */
export async function selectByNumber(
  sql: Reader,
  { asset }: BankEntry,
  numbers: readonly string[],
): Promise<readonly CandidateRow[]> {
  if (numbers.length === 0) return []
  return rowsOf(
    sql,
    sql`s.number = any (${numbers as string[]}::text[]) and s.issued_at is not null and p.asset = ${asset}
      and p.status not in ('DRAFT', 'APPROVED', 'CANCELLED')`,
  )
}

/** Payouts of these batches whose money may still leave. */
export async function selectOfBatches(
  sql: Reader,
  { asset }: BankEntry,
  batches: readonly string[],
): Promise<readonly CandidateRow[]> {
  if (batches.length === 0) return []
  return rowsOf(
    sql,
    sql`p.batch_id = any (${batches as string[]}::text[]::uuid[]) and p.asset = ${asset}
      and p.status in ('INSTRUCTED', 'SENT', 'UNKNOWN')`,
    MOST_OF_BATCH,
  )
}

/** Payouts under way from an account of ours with an amount, instructed within some days before a day, or on it. */
export async function selectByAmount(
  sql: Reader,
  { asset, minor, bookedOn }: BankEntry,
  { ownAccount, days }: { readonly ownAccount: string; readonly days: number },
): Promise<readonly CandidateRow[]> {
  return rowsOf(
    sql,
    sql`p.status in ('INSTRUCTED', 'SENT', 'UNKNOWN') and p.transfer = ${`${-minor}`}::text::numeric and p.asset = ${asset}
      and b.own_account = ${ownAccount} and b.instructed_at < ${bookedOn}::date + 2
      and b.instructed_at >= ${bookedOn}::date - ${days}::integer`,
  )
}

/** How many other entries of the account, of the same amount and near in time, nothing came of yet. */
export async function countRivals(sql: Reader, entry: BankEntry, days: number): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select count(*) as count from bank_entries e
    where e.own_account_id = ${uuidOf(entry.ownAccount)} and e.amount = ${`${entry.minor}`}::text::numeric
      and e.booked_on between ${entry.bookedOn}::date - ${days}::integer and ${entry.bookedOn}::date + ${days}::integer
      and e.id <> ${uuidOf(entry.id)} and not exists (select from bank_matches m where m.entry_id = e.id)`
  return Number(row?.count ?? 0)
}

/** One payout. */
export async function selectCandidate(sql: Reader, id: Id<'pyt'>): Promise<CandidateRow | undefined> {
  const [row] = await rowsOf(sql, sql`p.id = ${uuidOf(id)}`)
  return row
}

async function rowsOf(sql: Reader, where: Fragment, limit = MOST): Promise<readonly CandidateRow[]> {
  const rows = await sql<Row[]>`
    select p.id, s.number, p.status, p.asset, p.transfer::text as transfer, b.own_account, p.account_id,
      p.settled_entry_id is not null as settled, p.status = 'RETURNED' as returned
    from payouts p join payout_batches b on b.id = p.batch_id join statements s on s.id = p.statement_id
    where ${where} order by p.id limit ${limit}`
  return rows.map((row) => ({
    id: idOf('pyt', row.id),
    statementNumber: row.number,
    status: row.status,
    asset: row.asset,
    transfer: BigInt(row.transfer),
    ownAccount: row.own_account,
    account: idOf('bka', row.account_id),
    settled: row.settled,
    returned: row.returned,
  }))
}
