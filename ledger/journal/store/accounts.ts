import type { Transaction } from '../../../database/client.ts'
import { namedId, uuidOf } from '../../../kernel/ids.ts'

/** The database ids of accounts by path; those that were never used are made, in order of their paths. */
export async function accountIds(tx: Transaction, paths: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const known = await selectAccounts(tx, [...paths])
  const missing = [...paths].filter((path) => !known.has(path))
  if (missing.length === 0) return known
  const ids = missing.map((path) => uuidOf(namedId('acc', path)))
  await tx`
    insert into accounts (id, path)
    select id, path from unnest(${ids}::uuid[], ${missing}::text[]) as a (id, path) order by path collate "C"
    on conflict (path) do nothing`
  return selectAccounts(tx, [...paths])
}

async function selectAccounts(tx: Transaction, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx<{ id: string; path: string }[]>`
    select id, path from accounts where path = any (${paths}::text[])`
  return new Map(rows.map(({ id, path }) => [path, id]))
}
