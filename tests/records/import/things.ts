import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Pool, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { ImportItem, ImportOutcome, ImportSpec, RowInput } from '../../../records/import/import-spec.ts'

/** What the tests import: `key,value`, where a value `refuse` is refused by parse and `decline` by write. */
export type Thing = { readonly key: string; readonly value: string }

/** The table that things go into, and a log of every line that was written, by transaction. */
export async function createThings(owner: Pool): Promise<void> {
  await owner`create table things (key text primary key, value text not null)`
  await owner`create table things_written (line bigint not null, tx xid8 not null default pg_current_xact_id())`
  await owner`grant select, insert, update on things to tributary_app`
  await owner`grant select, insert on things_written to tributary_app`
}

function parseThing({ values }: RowInput): Thing {
  const { key, value } = values
  if (typeof key !== 'string' || typeof value !== 'string' || value === 'refuse') {
    throw new Fault('INVALID_INPUT', 'that is no thing', { field: 'value' })
  }
  return { key, value }
}

export async function writeThings(
  tx: Transaction,
  items: readonly ImportItem<Thing>[],
): Promise<readonly ImportOutcome[]> {
  await tx`insert into things_written (line) select unnest(${items.map(({ line }) => String(line))}::text[])::bigint`
  const wanted = items.filter(({ item }) => item.value !== 'decline')
  const rows = await tx<{ key: string; outcome: 'created' | 'changed' }[]>`
    insert into things as t (key, value)
    select key, value from unnest(${wanted.map(({ item }) => item.key)}::text[], ${wanted.map(({ item }) => item.value)}::text[])
      as n (key, value)
    on conflict (key) do update set value = excluded.value where t.value <> excluded.value
    returning key, case when xmax = 0 then 'created' else 'changed' end as outcome`
  const outcomes = new Map(rows.map(({ key, outcome }) => [key, outcome]))
  return items.map(({ item }) => {
    if (item.value === 'decline') return { refused: 'UNSUPPORTED', message: 'such things are not taken' }
    return outcomes.get(item.key) ?? 'unchanged'
  })
}

/** An import of things out of a file. */
export function thingsFrom(file: string, more: Partial<ImportSpec<Thing>> = {}): ImportSpec<Thing> {
  return { kind: 'products', source: 'tests', file, parse: parseThing, write: writeThings, ...more }
}

/** A folder for the files of one test file. */
export function useFolder(): (name: string, content: string | Uint8Array) => Promise<string> {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tributary-import-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return async (name, content) => {
    const file = path.join(folder, name)
    await writeFile(file, content)
    return file
  }
}
