import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { PreparedRecords } from '../../../records/store/records.ts'
import type { StoredEntry } from './entries.ts'

/** An entry on its way into the journal, with the id of its record. */
export type EntryToInsert = StoredEntry & { readonly record: Id<'rec'> }

/**
 * Enters entries with their postings and records in one statement, and gives the references of those that went in. Left
 * out as a whole are entries whose reference stands already, whose reversed entry was reversed before, whose period is
 * locked, and that use an account which is not there. Waits for a transaction that is just posting the same; entries go
 * in by order of reference, so that no two writers wait in a circle.
 */
export async function enterEntries(
  sql: Reader,
  entries: readonly EntryToInsert[],
  records: PreparedRecords,
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ reference: string }[]>`
    with line as materialized (
      select l.entry::uuid as entry_id, l.line::integer as line,
        (select a.id from accounts a where a.path = l.account) as account_id, l.asset, l.minor::numeric as amount,
        l.at::timestamptz as at
      from ${linesIn(sql, entries)}
    ), entered as (
      insert into journal_entries (id, reference, at, description, period_id, reverses, record_id, posted_at)
      select e.id::uuid, e.reference, e.at::timestamptz, coalesce(e.description, ''), e.period::uuid, e.reverses::uuid,
        e.record::uuid, ${records.at.toISOString()}::timestamptz
      from ${entriesIn(sql, entries)}
      where e.id::uuid not in (select l.entry_id from line l where l.account_id is null)
        and not exists (select from periods p where p.id = e.period::uuid and p.status in ('LOCKED', 'CLOSED'))
      order by e.reference collate "C"
      on conflict do nothing
      returning id, record_id, reference
    ), recorded as (
      ${records.insertAmong(sql, sql`select record_id from entered`)}
    ), posted as (
      insert into postings (entry_id, line, account_id, asset, amount, at)
      select l.entry_id, l.line, l.account_id, l.asset, l.amount, l.at from line l
      where l.entry_id in (select id from entered)
    )
    select reference from entered`
  return new Set(rows.map(({ reference }) => reference))
}

/** Columns travel as one text each: neither references nor descriptions hold line breaks. */
function entriesIn(sql: Reader, entries: readonly EntryToInsert[]): Fragment {
  const column = (value: (entry: EntryToInsert) => string): string => entries.map(value).join('\n')
  return sql`unnest(
    string_to_array(${column(({ id }) => uuidOf(id))}, E'\\n'),
    string_to_array(${column(({ reference }) => reference)}, E'\\n'),
    string_to_array(${column(({ at }) => at.toISOString())}, E'\\n'),
    string_to_array(${column(({ description }) => description)}, E'\\n'),
    string_to_array(${column(({ period }) => (period ? uuidOf(period) : ''))}, E'\\n', ''),
    string_to_array(${column(({ reverses }) => (reverses ? uuidOf(reverses) : ''))}, E'\\n', ''),
    string_to_array(${column(({ record }) => uuidOf(record))}, E'\\n')
  ) as e (id, reference, at, description, period, reverses, record)`
}

function linesIn(sql: Reader, entries: readonly EntryToInsert[]): Fragment {
  const lines = entries.flatMap(({ id, at, postings }) => {
    const common = { entry: uuidOf(id), at: at.toISOString() }
    return postings.map((posting, line) => ({ ...common, ...posting, line }))
  })
  const column = (value: (line: (typeof lines)[number]) => string | number | bigint): string =>
    lines.map(value).join('\n')
  return sql`unnest(
    string_to_array(${column(({ entry }) => entry)}, E'\\n'), string_to_array(${column(({ line }) => line)}, E'\\n'),
    string_to_array(${column(({ account }) => account)}, E'\\n'), string_to_array(${column(({ asset }) => asset)}, E'\\n'),
    string_to_array(${column(({ minor }) => minor)}, E'\\n'), string_to_array(${column(({ at }) => at)}, E'\\n')
  ) as l (entry, line, account, asset, minor, at)`
}
