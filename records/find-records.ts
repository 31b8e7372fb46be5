import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { type FoundRecord, selectFound } from './store/found-records.ts'

/**
 * Of these records those that the partner may have, with bodies and salts, in any order; all of them when no partner is
 * named. One of another partner's is missing as one that does not exist is. Source: DESIGN invariants 7 and 11.
 */
export async function findRecords(
  context: Context,
  { ids, partner }: { readonly ids: readonly Id<'rec'>[]; readonly partner?: Id<'ptr'> | undefined },
): Promise<readonly FoundRecord[]> {
  return ids.length === 0 ? [] : selectFound(context.database.reads, { ids, partner })
}
