import type { Reader } from '../../database/client.ts'
import { type Id, type IdPrefix, uuidOf } from '../../kernel/ids.ts'

type KnownTable =
  | 'agreement_proposals'
  | 'agreements'
  | 'contract_documents'
  | 'contributions'
  | 'journal_entries'
  | 'points_accounts'
  | 'points_lots'
  | 'programmes'
  | 'records'
  | 'statements'
  | 'terms'
  | 'terms_proposals'

/** Those of the ids under which a table has a row. */
export async function selectKnownIds<P extends IdPrefix>(
  sql: Reader,
  table: KnownTable,
  ids: readonly Id<P>[],
): Promise<ReadonlySet<Id<P>>> {
  if (ids.length === 0) return new Set()
  const rows = await sql<{ uuid: string }[]>`
    select replace(t.id::text, '-', '') as uuid from ${sql(table)} t where t.id = any (${ids.map(uuidOf)}::uuid[])`
  const known = new Set(rows.map(({ uuid }) => uuid))
  return new Set(ids.filter((id) => known.has(uuidOf(id))))
}
