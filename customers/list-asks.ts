import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { type Ask, selectAsks } from './store/asks.ts'

/**
 * What each of these partners may ask customers for now: purposes by key, each with the categories of data. One statement,
 * however many; a partner that may ask for nothing has no entry.
 */
export async function listAsks(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, readonly Ask[]>> {
  return Map.groupBy(await selectAsks(database.reads, partners), ({ partner }) => partner)
}
