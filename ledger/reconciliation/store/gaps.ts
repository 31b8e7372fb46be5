import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { BankDate } from '../files/read-statement.ts'

/** A closing balance that is not the one before and what was booked since; minor units at the bank. */
export type Gap = { readonly on: BankDate; readonly minor: bigint }

/**
 * Gaps between the closing balances of an account, by their days, oldest first. A day has one closing balance: the one that
 * the bank made last. Before the first one there was nothing. What was set aside is no money.
 */
export async function selectGaps(sql: Reader, account: Id<'obk'>): Promise<readonly Gap[]> {
  const rows = await sql<{ day: string; minor: string }[]>`
    with points as (
      select distinct on (closing_on) closing_on as day, closing from bank_statements
      where own_account_id = ${uuidOf(account)} and closing is not null
      order by closing_on, made_at desc nulls last, imported_at desc, id desc
    ), days as (
      select e.booked_on as day, sum(e.amount) as moved from bank_entries e
      where e.own_account_id = ${uuidOf(account)}
        and not exists (select from bank_matches m where m.entry_id = e.id and m.how = 'SET_ASIDE')
      group by e.booked_on
    ), explained as (
      select p.day, p.closing - coalesce((select sum(d.moved) from days d where d.day <= p.day), 0) as beyond from points p
    )
    select g.day::text as day, g.minor::text as minor
    from (select day, beyond - coalesce(lag(beyond) over (order by day), 0) as minor from explained) g
    where g.minor <> 0 order by g.day`
  return rows.map(({ day, minor }) => ({ on: day, minor: BigInt(minor) }))
}

/** What of gaps was booked, whenever, by the day of the gap. */
export async function selectBooked(sql: Reader, account: Id<'obk'>): Promise<ReadonlyMap<BankDate, bigint>> {
  const rows = await sql<{ day: string; minor: string }[]>`
    select b.gap_on::text as day, sum(p.amount)::text as minor
    from bank_postings p join bank_breaks b on b.id = p.break_id
    where p.own_account_id = ${uuidOf(account)} group by b.gap_on`
  return new Map(rows.map(({ day, minor }) => [day, BigInt(minor)]))
}

/** A payout that was sent, for which no entry came. */
export type SilentPayout = { readonly payout: Id<'pyt'>; readonly number: string; readonly minor: bigint }

/** Payouts of an account of ours that were sent, or are not known, whose batch was sent before a moment. */
export async function selectSilentPayouts(sql: Reader, code: string, before: Date): Promise<readonly SilentPayout[]> {
  const rows = await sql<{ id: string; number: string; transfer: string }[]>`
    select p.id, s.number, p.transfer::text as transfer
    from payouts p join payout_batches b on b.id = p.batch_id join statements s on s.id = p.statement_id
    where b.own_account = ${code} and p.status in ('SENT', 'UNKNOWN') and b.sent_at < ${before.toISOString()}::timestamptz
    order by p.id limit 10000`
  return rows.map(({ id, number, transfer }) => ({ payout: idOf('pyt', id), number, minor: -BigInt(transfer) }))
}
