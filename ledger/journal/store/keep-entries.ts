import type { Transaction } from '../../../database/client.ts'
import { type Id, namedId, uuidOf } from '../../../kernel/ids.ts'
import type { Posting } from '../entry.ts'

/** An entry as its record tells it. */
export type ToldEntry = {
  readonly id: Id<'jre'>
  readonly reference: string
  readonly at: Date
  readonly description: string
  readonly period?: Id<'per'> | undefined
  readonly reverses?: Id<'jre'> | undefined
  readonly postings: readonly Posting[]
  readonly record: Id<'rec'>
  readonly postedAt: Date
}

/**
 * Writes entries as their records tell them: all of them, or it throws. Whether a period is open is for those who post, and
 * the log says that they were let.
 */
export async function keepEntries(tx: Transaction, entries: readonly ToldEntry[]): Promise<void> {
  if (entries.length === 0) return
  await keepAccounts(tx, new Set(entries.flatMap(({ postings }) => postings.map(({ account }) => account))))
  await tx`
    insert into journal_entries (id, reference, at, description, period_id, reverses, record_id, posted_at)
    select e.id, e.reference, e.at, e.description, e.period, e.reverses, e.record, e.posted_at
    from jsonb_to_recordset(${JSON.stringify(entries.map(rowOf))}::jsonb) as e (id uuid, reference text, at timestamptz,
      description text, period uuid, reverses uuid, record uuid, posted_at timestamptz)`
  await tx`
    insert into postings (entry_id, line, account_id, asset, amount, at)
    select p.entry, p.line, (select a.id from accounts a where a.path = p.account), p.asset, p.amount, p.at
    from jsonb_to_recordset(${JSON.stringify(entries.flatMap(postingRowsOf))}::jsonb)
      as p (entry uuid, line integer, account text, asset text, amount numeric, at timestamptz)`
}

async function keepAccounts(tx: Transaction, paths: ReadonlySet<string>): Promise<void> {
  const accounts = [...paths].map((path) => ({ id: uuidOf(namedId('acc', path)), path }))
  await tx`
    insert into accounts (id, path)
    select a.id, a.path from jsonb_to_recordset(${JSON.stringify(accounts)}::jsonb) as a (id uuid, path text)
    order by a.path collate "C" on conflict do nothing`
}

function rowOf({ id, reference, at, description, period, reverses, record, postedAt }: ToldEntry): object {
  return {
    id: uuidOf(id),
    reference,
    at: at.toISOString(),
    description,
    period: period && uuidOf(period),
    reverses: reverses && uuidOf(reverses),
    record: uuidOf(record),
    posted_at: postedAt.toISOString(),
  }
}

function postingRowsOf({ id, at, postings }: ToldEntry): readonly object[] {
  return postings.map(({ account, asset, minor }, line) => ({
    entry: uuidOf(id),
    line,
    account,
    asset,
    amount: String(minor),
    at: at.toISOString(),
  }))
}
