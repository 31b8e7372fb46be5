import type { Reader, Transaction } from '../../../database/client.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'

/** Those of the paths under which there is no account yet. */
export async function selectMissingAccounts(sql: Reader, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const rows = await sql<{ path: string }[]>`
    select w.path from unnest(string_to_array(${[...paths].join('\n')}, E'\\n')) as w (path)
    where (select a.id from accounts a where a.path = w.path) is null`
  return new Set(rows.map(({ path }) => path))
}

/** Makes accounts, in order of their paths so that no two writers wait in a circle; leaves those be that there are. */
export async function makeAccounts(tx: Transaction, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  const ids = paths.map(() => uuidOf(newId('acc')))
  await tx`
    insert into accounts (id, path)
    select id, path from unnest(${ids}::uuid[], ${paths}::text[]) as a (id, path) order by path collate "C"
    on conflict on constraint accounts_path_key do nothing`
}
