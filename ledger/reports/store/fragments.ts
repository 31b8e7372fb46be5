import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'

/**
 * Statements whose lock is in the journal up to an instant: their entries are dated at the last millisecond of the period.
 */
export function statementsUntil(sql: Reader, at: string): Fragment {
  return sql`(
    select s.*, p.ends_at from statements s join periods p on p.id = s.period_id
    where s.issued_at is not null and p.ends_at - interval '1 millisecond' <= ${at}::text::timestamptz)`
}

/**
 * Payments of statements that were instructed, by bank or on a chain: when, when they left `Clearing:Payouts` (they arrived,
 * or never left us), and when they were owed again. A bank's times may be before ours, and it may tell of a return first.
 * Where the journal has no entry of an instruction, it counts from ever, so that the difference shows.
 */
export function paymentsOf(sql: Reader): Fragment {
  return sql`(
    select c.statement_id, 'CHAIN' as rail, 'pyr_' || replace(c.round_id::text, '-', '') as payment, c.amount,
      coalesce(e.at, '-infinity') as instructed_at, coalesce(c.claimed_at, c.returned_at) as landed_at,
      c.returned_at as reopened_at
    from payout_claims c
    join payout_rounds r on r.id = c.round_id and r.status in ('FUNDED', 'CLOSED', 'SWEPT')
    left join journal_entries e on e.reference = 'payout-round:pyr_' || replace(c.round_id::text, '-', '') || ':sta_'
      || replace(c.statement_id::text, '-', '') || ':instruct'
    union all
    select p.statement_id, 'BANK', 'pyt_' || replace(p.id::text, '-', ''), p.transfer,
      coalesce(b.instructed_at, '-infinity'), case p.status when 'REJECTED' then p.ended_at else p.settled_at end, p.ended_at
    from payouts p join payout_batches b on b.id = p.batch_id
    where p.status in ('INSTRUCTED', 'SENT', 'SETTLED', 'UNKNOWN', 'REJECTED', 'RETURNED'))`
}

/** The tax of a statement that is posted up to an instant, whoever paid it; a lateral join on `s`. */
export function taxPostedUntil(sql: Reader, at: string): Fragment {
  return sql`lateral (
    select coalesce(sum(p.amount) filter (where a.path = 'Tax:InputVAT'), 0) as vat,
      coalesce(-sum(p.amount) filter (where a.path = 'Tax:Withholding'), 0) as withholding
    from (values ('vat'), ('withholding')) as tax (name)
    join journal_entries e on e.at <= ${at}::text::timestamptz
      and (e.reference = 'statement:sta_' || replace(s.id::text, '-', '') || ':' || tax.name
        or e.reference >= 'statement:sta_' || replace(s.id::text, '-', '') || ':' || tax.name || ':'
        and e.reference < 'statement:sta_' || replace(s.id::text, '-', '') || ':' || tax.name || ';')
    join postings p on p.entry_id = e.id join accounts a on a.id = p.account_id)`
}
