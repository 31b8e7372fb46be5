import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { BankEntry } from '../bank-entry.ts'
import type { BankMatch, BankPosting, BookedGap } from '../bank-match.ts'
import { type EntryRow, entryColumns, entryOfRow } from './bank-entries.ts'

export async function insertMatch(
  tx: Transaction,
  ownAccount: Id<'obk'>,
  match: BankMatch,
  { by, record }: { readonly by: Actor; readonly record: AppendedRecord },
): Promise<void> {
  await tx`
    insert into bank_matches (entry_id, how, payout_ids, account, break_id, reason, proposed_by, decided_by, decided_at,
      record_id)
    values (${uuidOf(match.entry)}, ${match.how}, ${match.payouts.map(uuidOf)}::text[]::uuid[], ${match.account ?? null},
      ${match.break === undefined ? null : uuidOf(match.break)}, ${match.reason ?? null}, ${match.proposedBy ?? null}, ${by},
      ${record.at.toISOString()}, ${uuidOf(record.id)})`
  await insertPostings(tx, { ownAccount, postings: match.postings, entry: match.entry })
}

export async function insertGap(tx: Transaction, gap: BookedGap): Promise<void> {
  await insertPostings(tx, gap)
}

async function insertPostings(
  tx: Transaction,
  {
    ownAccount,
    postings,
    ...subject
  }: {
    readonly ownAccount: Id<'obk'>
    readonly postings: readonly BankPosting[]
    readonly entry?: Id<'bke'>
    readonly break?: Id<'brk'>
  },
): Promise<void> {
  if (postings.length === 0) return
  await tx`
    insert into bank_postings (journal_entry_id, own_account_id, entry_id, break_id, amount)
    select id, ${uuidOf(ownAccount)}::uuid, ${subject.entry === undefined ? null : uuidOf(subject.entry)}::uuid,
      ${subject.break === undefined ? null : uuidOf(subject.break)}::uuid, amount
    from unnest(${postings.map(({ journalEntry }) => uuidOf(journalEntry))}::text[]::uuid[],
      ${postings.map(({ minor }) => `${minor}`)}::text[]::numeric[]) as p (id, amount)`
}

/** Whether an entry is in the tables, for those who write what came of it. */
export async function entryExists(sql: Reader, entry: Id<'bke'>): Promise<boolean> {
  const rows = await sql`select from bank_entries where id = ${uuidOf(entry)}`
  return rows.count === 1
}

/** An entry that nothing came of yet. */
export async function selectUnmatched(sql: Reader, entry: Id<'bke'>): Promise<BankEntry | undefined> {
  const [row] = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from bank_entries e
    where e.id = ${uuidOf(entry)} and not exists (select from bank_matches m where m.entry_id = e.id)`
  return row && entryOfRow(row)
}

/** Where a walk over entries stands: in the order of booking, what went out first. */
export type EntryPlace = { readonly bookedOn: string; readonly minor: bigint; readonly id: Id<'bke'> }

/** Some entries of an account that nothing came of yet, behind a place, in that order. */
export async function selectUnmatchedAfter(
  sql: Reader,
  account: Id<'obk'>,
  { after, limit }: { readonly after: EntryPlace | undefined; readonly limit: number },
): Promise<readonly BankEntry[]> {
  const rows = await sql<EntryRow[]>`
    select ${entryColumns(sql)} from bank_entries e
    where e.own_account_id = ${uuidOf(account)} and not exists (select from bank_matches m where m.entry_id = e.id)
      ${after === undefined ? sql`` : behind(sql, after)}
    order by e.booked_on, e.amount, e.id limit ${limit}`
  return rows.map(entryOfRow)
}

function behind(sql: Reader, { bookedOn, minor, id }: EntryPlace): Fragment {
  return sql`and (e.booked_on, e.amount, e.id) > (${bookedOn}::date, ${`${minor}`}::text::numeric, ${uuidOf(id)}::uuid)`
}

export async function countUnmatched(sql: Reader, account: Id<'obk'>): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select count(*) as count from bank_entries e
    where e.own_account_id = ${uuidOf(account)} and not exists (select from bank_matches m where m.entry_id = e.id)`
  return Number(row?.count ?? 0)
}

/** Which entries of the journal, by their references, moved money on an account of the journal, and how much. */
export async function selectPostings(
  sql: Reader,
  account: string,
  references: readonly string[],
): Promise<readonly BankPosting[]> {
  const rows = await sql<{ id: string; amount: string }[]>`
    select e.id, sum(p.amount)::text as amount
    from journal_entries e join postings p on p.entry_id = e.id join accounts a on a.id = p.account_id
    where e.reference = any (${references as string[]}::text[]) and a.path = ${account}
    group by e.id order by e.id`
  return rows.map(({ id, amount }) => ({ journalEntry: idOf('jre', id), minor: BigInt(amount) }))
}

/** How an entry of the journal moved an account of the journal, unless it stands for something at the bank already. */
export async function selectFreePosting(
  sql: Reader,
  account: string,
  journalEntry: Id<'jre'>,
): Promise<BankPosting | undefined> {
  const [row] = await sql<{ amount: string | null }[]>`
    select sum(p.amount)::text as amount from postings p join accounts a on a.id = p.account_id
    where p.entry_id = ${uuidOf(journalEntry)} and a.path = ${account}
      and not exists (select from bank_postings b where b.journal_entry_id = p.entry_id)`
  return row?.amount == null ? undefined : { journalEntry, minor: BigInt(row.amount) }
}
