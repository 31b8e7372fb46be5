import type { Reader, Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { idOf, uuidOf } from '../../kernel/ids.ts'
import type { ProjectedTable } from '../projector.ts'

/*
 * Names of tables and columns come from the projectors and the catalogue, never from outside, so they may stand in
 * statements as they are.
 */

/** Makes an empty copy of each table that hides it from this connection, without its triggers and foreign keys. */
export async function makeCopies(tx: Transaction, tables: readonly ProjectedTable[]): Promise<void> {
  for (const { name } of tables) await tx.unsafe(`create temporary table ${name} (like public.${name} including all)`)
}

/** Lets the planner know how large the copies are. */
export async function countCopies(tx: Transaction, tables: readonly ProjectedTable[]): Promise<void> {
  for (const { name } of tables) await tx.unsafe(`analyze pg_temp.${name}`)
}

/** A row that is not in both, or not the same in both: which, and the columns that differ. */
export type Difference = {
  readonly key: Readonly<Record<string, string>>
  readonly missing: 'row' | 'record' | null
  readonly columns: readonly string[]
}

/**
 * Compares a table with its copy both ways, in the statement's snapshot; at most so many rows that differ, of those with the
 * keys if some are given.
 */
export async function compareWithCopy(
  tx: Transaction,
  table: ProjectedTable,
  { keys, limit }: { readonly keys?: readonly Difference['key'][]; readonly limit: number },
): Promise<readonly Difference[]> {
  // names in a table's condition stand for the tables themselves, no longer for the copies
  await tx.unsafe('set local search_path = public, pg_temp')
  const { key, where } = table
  const columns = await columnsOf(tx, table)
  const told = columns.filter(({ name }) => !key.includes(name) && !(table.free ?? []).includes(name))
  const among = keys === undefined ? '' : amongKeys(columns.filter(({ name }) => key.includes(name)))
  const conditions = [where, among].filter((condition) => condition !== undefined && condition !== '')
  const of = (schema: string, all: readonly (string | undefined)[]): string =>
    `(select * from ${schema}.${table.name} ${all.length === 0 ? '' : `where ${all.map((one) => `(${one})`).join(' and ')}`})`
  const differs = told.map(({ name, form }) => `real.${name}${form} is distinct from told.${name}${form}`)
  const [first = ''] = key
  const rows = await tx.unsafe<{ key: string; missing: 'row' | 'record' | null; columns: string[] }[]>(
    `select json_build_object(${key.map((name) => `'${name}', coalesce(real.${name}, told.${name})::text`).join(', ')})::text as key,
       case when real.${first} is null then 'row' when told.${first} is null then 'record' end as missing,
       array_remove(array[${told.map(({ name }, place) => `case when ${differs[place]} then '${name}' end`).join(', ')}]::text[], null)
         as columns
     from ${of('public', conditions)} as real
     full join ${of('pg_temp', among === '' ? [] : [among])} as told on ${key.map((name) => `real.${name} = told.${name}`).join(' and ')}
     where real.${first} is null or told.${first} is null ${differs.map((one) => `or ${one}`).join(' ')}
     order by 1 limit ${limit}`,
    keys === undefined ? [] : [JSON.stringify(keys)],
  )
  return rows.map((row) => ({ ...row, key: JSON.parse(row.key) }))
}

type Column = { readonly name: string; readonly type: string; readonly form: string }

/** Types that cannot be compared are compared as text. */
const AS_TEXT: ReadonlySet<string> = new Set(['pg_snapshot', 'json'])

async function columnsOf(sql: Reader, { name }: ProjectedTable): Promise<readonly Column[]> {
  const rows = await sql<{ name: string; type: string }[]>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
    where a.attrelid = ${`public.${name}`}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`
  return rows.map((row) => ({ ...row, form: AS_TEXT.has(row.type) ? '::text' : '' }))
}

function amongKeys(key: readonly Column[]): string {
  const values = key.map(({ name, type }) => `(k ->> '${name}')::${type}`)
  return `(${key.map(({ name }) => name).join(', ')}) in (select ${values.join(', ')} from jsonb_array_elements($1::text::jsonb) as k)`
}

/** A record as it stands in the log's order, also before it is sealed. */
export type OrderedRecord = { readonly id: Id<'rec'>; readonly tx: string; readonly body: string }

/** Some records behind one, in the log's order, of those that the statement sees. */
export async function selectOrdered(
  sql: Reader,
  { behind, limit }: { readonly behind: Pick<OrderedRecord, 'id' | 'tx'>; readonly limit: number },
): Promise<readonly OrderedRecord[]> {
  const rows = await sql<{ id: string; tx: string; body: string }[]>`
    select r.id, r.tx_id::text as tx, r.body from records r
    where (r.tx_id, r.id) > (${behind.tx}::xid8, ${uuidOf(behind.id)}::uuid) order by r.tx_id, r.id limit ${limit}`
  return rows.map((row) => ({ ...row, id: idOf('rec', row.id) }))
}
