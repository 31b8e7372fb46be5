import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { namedId, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AccountPath } from '../entry.ts'

/** Those of the paths under which there is no account yet. */
export async function selectMissingAccounts(sql: Reader, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (paths.size === 0) return new Set()
  const rows = await sql<{ path: string }[]>`
    select w.path from unnest(string_to_array(${[...paths].join('\n')}, E'\\n')) as w (path)
    where (select a.id from accounts a where a.path = w.path) is null`
  return new Set(rows.map(({ path }) => path))
}

/** Makes accounts, in order of their paths so that no two writers wait in a circle; leaves those be that there are. */
export async function makeAccounts(tx: Transaction, paths: readonly string[]): Promise<void> {
  const ids = paths.map((path) => uuidOf(namedId('acc', path)))
  await tx`
    insert into accounts (id, path)
    select id, path from unnest(${ids}::uuid[], ${paths}::text[]) as a (id, path) order by path collate "C"
    on conflict do nothing`
}

/** Paths of accounts: up to one more than the page holds, in the page's direction. */
export async function selectAccounts(
  sql: Reader,
  { prefix, page: { cursor, direction, limit } }: { readonly prefix: string | undefined; readonly page: Page },
): Promise<readonly AccountPath[]> {
  const [beyond] = cursor ?? []
  const forward = direction === 'forward'
  const rows = await sql<{ path: AccountPath }[]>`
    select a.path from accounts a
    where ${belowPrefix(sql, prefix)}
      ${beyond === undefined ? sql`` : forward ? sql`and a.path > ${beyond}` : sql`and a.path < ${beyond}`}
    order by a.path ${forward ? sql`` : sql`desc`} limit ${limit + 1}`
  return rows.map(({ path }) => path)
}

/** How many accounts there are of each name: itself and those below it. */
export async function countAccounts(sql: Reader, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ name: string; exist: number }[]>`
    select n.name, count(a.path)::integer as exist
    from unnest(${names}::text[]) as n (name)
    left join accounts a on a.path = n.name or (a.path > n.name || ':' and a.path < n.name || ';')
    group by n.name`
  return new Map(rows.map(({ name, exist }) => [name, exist]))
}

/** Whether the account `a` is the prefix or below it. */
export function belowPrefix(sql: Reader, prefix: string | undefined): Fragment {
  return prefix === undefined ? sql`true` : sql`(a.path = ${prefix} or starts_with(a.path, ${`${prefix}:`}))`
}
