import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AccountPath, Entry } from '../entry.ts'

export type StoredEntry = Entry & { readonly id: Id<'jre'> }

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
): Promise<{ readonly entries: readonly StoredEntry[]; readonly last: EntryKey | undefined }> {
  const rows = await sql<(EntryRow & { key: string })[]>`
    select ${columns(sql)}, e.at::text as key from journal_entries e
    ${after === undefined ? sql`` : sql`where (e.at, e.id) > (${after.at}::timestamptz, ${after.id}::uuid)`}
    order by e.at, e.id limit ${limit}`
  const last = rows.at(-1)
  return { entries: rows.map(entryOf), last: last && { at: last.key, id: last.id } }
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

/** An entry on its way into the journal, with the id of its record. */
export type EntryToInsert = StoredEntry & { readonly record: Id<'rec'> }

/**
 * Inserts entries, and gives the references of those that went in: left out are those whose reference stands already,
 * whose reversed entry was reversed before, and whose period is locked. Waits for a transaction that is just posting the
 * same. They go in by order of reference, so that no two writers wait in a circle. Columns travel as one text each:
 * neither references nor descriptions hold line breaks.
 */
export async function insertEntries(
  tx: Transaction,
  entries: readonly EntryToInsert[],
  postedAt: Date,
): Promise<ReadonlySet<string>> {
  const column = (value: (entry: EntryToInsert) => string): string => entries.map(value).join('\n')
  const rows = await tx<{ reference: string }[]>`
    insert into journal_entries (id, reference, at, description, period_id, reverses, record_id, posted_at)
    select e.id::uuid, e.reference, e.at::timestamptz, coalesce(e.description, ''), e.period::uuid, e.reverses::uuid,
      e.record::uuid, ${postedAt.toISOString()}::timestamptz
    from unnest(
      string_to_array(${column(({ id }) => uuidOf(id))}, E'\\n'),
      string_to_array(${column(({ reference }) => reference)}, E'\\n'),
      string_to_array(${column(({ at }) => at.toISOString())}, E'\\n'),
      string_to_array(${column(({ description }) => description)}, E'\\n'),
      string_to_array(${column(({ period }) => (period ? uuidOf(period) : ''))}, E'\\n', ''),
      string_to_array(${column(({ reverses }) => (reverses ? uuidOf(reverses) : ''))}, E'\\n', ''),
      string_to_array(${column(({ record }) => uuidOf(record))}, E'\\n')
    ) as e (id, reference, at, description, period, reverses, record)
    where not exists (select from periods p where p.id = e.period::uuid and p.status in ('LOCKED', 'CLOSED'))
    order by e.reference collate "C"
    on conflict do nothing
    returning reference`
  return new Set(rows.map(({ reference }) => reference))
}

/** Inserts all postings of entries that were inserted, in one statement. Their accounts are there. */
export async function insertPostings(tx: Transaction, entries: readonly StoredEntry[]): Promise<void> {
  const lines = entries.flatMap(({ id, at, postings }) =>
    postings.map((posting, line) => ({ ...posting, line, entry: uuidOf(id), at: at.toISOString() })),
  )
  const column = (value: (line: (typeof lines)[number]) => string | number | bigint): string =>
    lines.map(value).join('\n')
  await tx`
    insert into postings (entry_id, line, account_id, asset, amount, at)
    select l.entry::uuid, l.line::integer, (select a.id from accounts a where a.path = l.account), l.asset,
      l.minor::numeric, l.at::timestamptz
    from unnest(
      string_to_array(${column(({ entry }) => entry)}, E'\\n'),
      string_to_array(${column(({ line }) => line)}, E'\\n'),
      string_to_array(${column(({ account }) => account)}, E'\\n'),
      string_to_array(${column(({ asset }) => asset)}, E'\\n'),
      string_to_array(${column(({ minor }) => minor)}, E'\\n'),
      string_to_array(${column(({ at }) => at)}, E'\\n')
    ) as l (entry, line, account, asset, minor, at)`
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
