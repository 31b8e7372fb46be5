import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
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
  readonly reverses: string | null
  readonly postings: readonly PostingRow[]
}

/** The place of an entry in the order of time. */
export type EntryKey = { readonly at: string; readonly id: string }

/** Entries by their references, as far as they stand. */
export async function selectByReference(
  sql: Reader,
  references: readonly string[],
): Promise<ReadonlyMap<string, StoredEntry>> {
  if (references.length === 0) return new Map()
  const rows = await sql<EntryRow[]>`
    select ${columns(sql)} from journal_entries e where e.reference = any (${references}::text[])`
  return new Map(rows.map((row) => [row.reference, entryOf(row)]))
}

/** An entry as it stands: with its record, and the entry that took it back. */
export type StandingEntry = StoredEntry & {
  readonly record: Id<'rec'>
  readonly postedAt: Date
  readonly reversedBy: Id<'jre'> | undefined
}

/** An entry by its id. */
export async function selectEntry(sql: Reader, id: Id<'jre'>): Promise<StandingEntry | undefined> {
  const [row] = await sql<(EntryRow & { record_id: string; posted_at: Date; reversed_by: string | null })[]>`
    select ${columns(sql)}, e.record_id, e.posted_at,
      (select r.id from journal_entries r where r.reverses = e.id) as reversed_by
    from journal_entries e where e.id = ${uuidOf(id)}::uuid`
  if (row === undefined) return undefined
  return {
    ...entryOf(row),
    record: idOf('rec', row.record_id),
    postedAt: row.posted_at,
    reversedBy: row.reversed_by === null ? undefined : idOf('jre', row.reversed_by),
  }
}

/** Those of the entries that are reversed. */
export async function selectReversed(sql: Reader, entries: readonly Id<'jre'>[]): Promise<ReadonlySet<Id<'jre'>>> {
  if (entries.length === 0) return new Set()
  const rows = await sql<{ reverses: string }[]>`
    select reverses from journal_entries where reverses = any (${entries.map(uuidOf)}::uuid[])`
  return new Set(rows.map(({ reverses }) => idOf('jre', reverses)))
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

function columns(sql: Reader): Fragment {
  return sql`e.id, e.reference, e.at, e.description, e.period_id, e.reverses, (
    select coalesce(json_agg(json_build_array(a.path, p.asset, p.amount::text) order by p.line), '[]')
    from postings p join accounts a on a.id = p.account_id where p.entry_id = e.id) as postings`
}

function entryOf({ id, reference, at, description, period_id, reverses, postings }: EntryRow): StoredEntry {
  return {
    id: idOf('jre', id),
    reference,
    at,
    description,
    ...(period_id === null ? {} : { period: idOf('per', period_id) }),
    ...(reverses === null ? {} : { reverses: idOf('jre', reverses) }),
    postings: postings.map(([account, asset, minor]) => ({ account, asset, minor: BigInt(minor) })),
  }
}
