import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { AccountPath, Entry } from '../entry.ts'

export type StoredEntry = Entry & { readonly id: Id<'jre'> }

/** An entry as it is given to others, with the record that proves it. */
export type ExportedEntry = StoredEntry & { readonly record: Id<'rec'> }

type PostingRow = readonly [account: AccountPath, asset: Asset, minor: string]

type EntryRow = {
  readonly id: string
  readonly reference: string
  readonly at: Date
  readonly description: string
  readonly period_id: string | null
  readonly postings: readonly PostingRow[]
}

/** The place of an entry in the order of time. */
export type EntryKey = { readonly at: string; readonly id: string }

/** Entries by their references, as far as they stand. */
export async function selectByReference(
  sql: Reader,
  references: readonly string[],
): Promise<ReadonlyMap<string, StoredEntry>> {
  const rows = await sql<EntryRow[]>`
    select ${columns(sql)} from journal_entries e where e.reference = any (${references}::text[])`
  return new Map(rows.map((row) => [row.reference, entryOf(row)]))
}

/** The next entries in order of time; `last` is absent at the end. */
export async function selectEntriesAfter(
  sql: Reader,
  after: EntryKey | undefined,
  limit: number,
): Promise<{ readonly entries: readonly ExportedEntry[]; readonly last: EntryKey | undefined }> {
  const rows = await sql<(EntryRow & { key: string; record_id: string })[]>`
    select ${columns(sql)}, e.record_id, e.at::text as key from journal_entries e
    ${after === undefined ? sql`` : sql`where (e.at, e.id) > (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by e.at, e.id limit ${limit}`
  const last = rows.at(-1)
  const entries = rows.map((row) => ({ ...entryOf(row), record: idOf('rec', row.record_id) }))
  return { entries, last: last && { at: last.key, id: last.id } }
}

/** An entry, and the body of its record if the log has it. */
export type RecordedEntry = { readonly entry: StoredEntry; readonly body: string | null }

/** The next entries in order of their ids, with their records. */
export async function selectRecorded(
  sql: Reader,
  after: Id<'jre'> | undefined,
  limit: number,
): Promise<readonly RecordedEntry[]> {
  const rows = await sql<(EntryRow & { body: string | null })[]>`
    select ${columns(sql)}, r.body from journal_entries e
    left join records r on r.id = e.record_id and r.kind = 'journal_entry'
    ${after === undefined ? sql`` : sql`where e.id > ${uuidOf(after)}::uuid`}
    order by e.id limit ${limit}`
  return rows.map((row) => ({ entry: entryOf(row), body: row.body }))
}

/** Records of entries that the journal does not have. */
export async function selectUnposted(sql: Reader, limit: number): Promise<readonly Id<'rec'>[]> {
  const rows = await sql<{ id: string }[]>`
    select r.id from records r
    where r.kind = 'journal_entry' and not exists (select from journal_entries e where e.record_id = r.id)
    order by r.id limit ${limit}`
  return rows.map(({ id }) => idOf('rec', id))
}

export async function countEntries(sql: Reader): Promise<number> {
  const [row] = await sql<{ count: string }[]>`select count(*) from journal_entries`
  return Number(row?.count ?? 0)
}

type EntriesToInsert = {
  readonly entries: readonly StoredEntry[]
  /** One for each entry, in their order. */
  readonly records: readonly AppendedRecord[]
  /** Database ids by path. */
  readonly accounts: ReadonlyMap<string, string>
}

/** Two statements for any number. Entries go in by order of reference, so that no two writers wait in a circle. */
export async function insertEntries(tx: Transaction, { entries, records, accounts }: EntriesToInsert): Promise<void> {
  const postedAt = records[0]?.at
  invariant(postedAt && records.length === entries.length, 'every entry is posted with its record')
  await tx`
    insert into journal_entries (id, reference, at, description, period_id, record_id, posted_at)
    select id, reference, at, description, period, record, ${postedAt.toISOString()}::timestamptz
    from unnest(
      ${entries.map(({ id }) => uuidOf(id))}::uuid[], ${entries.map(({ reference }) => reference)}::text[],
      ${entries.map(({ at }) => at.toISOString())}::text[]::timestamptz[],
      ${entries.map(({ description }) => description)}::text[],
      ${entries.map(({ period }) => (period ? uuidOf(period) : null))}::uuid[],
      ${records.map(({ id }) => uuidOf(id))}::uuid[]
    ) as e (id, reference, at, description, period, record)
    order by reference collate "C"`
  const lines = entries.flatMap(({ id, postings }) =>
    postings.map((posting, line) => ({ ...posting, line, entry: uuidOf(id), account: accounts.get(posting.account) })),
  )
  await tx`
    insert into postings (entry_id, line, account_id, asset, amount)
    select * from unnest(
      ${lines.map(({ entry }) => entry)}::uuid[], ${lines.map(({ line }) => line)}::integer[],
      ${lines.map(({ account }) => account ?? null)}::uuid[], ${lines.map(({ asset }) => asset)}::text[],
      ${lines.map(({ minor }) => String(minor))}::text[]::numeric[]
    )`
}

function columns(sql: Reader): Fragment {
  return sql`e.id, e.reference, e.at, e.description, e.period_id, (
    select coalesce(json_agg(json_build_array(a.path, p.asset, p.amount::text) order by p.line), '[]')
    from postings p join accounts a on a.id = p.account_id where p.entry_id = e.id) as postings`
}

function entryOf({ id, reference, at, description, period_id, postings }: EntryRow): StoredEntry {
  return {
    id: idOf('jre', id),
    reference,
    at,
    description,
    ...(period_id === null ? {} : { period: idOf('per', period_id) }),
    postings: postings.map(([account, asset, minor]) => ({ account, asset, minor: BigInt(minor) })),
  }
}
