import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import type { Product } from './product.ts'
import { type Provided, selectProvided, selectProvidedProducts } from './store/provided.ts'

/**
 * Of which categories each of these partners provides products that are offered, and how many. One statement, however many
 * partners; one that provides none has no entry.
 */
export async function listProvided(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, readonly Provided[]>> {
  return Map.groupBy(await selectProvided(database.reads, partners), ({ partner }) => partner)
}

/** The first of those products by name, up to twenty of each partner. One statement too. */
export async function listProvidedProducts(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, readonly Product[]>> {
  const products = await selectProvidedProducts(database.reads, partners)
  const provided = new Map<Id<'ptr'>, Product[]>()
  for (const product of products) {
    const { providerPartner: partner } = product
    if (partner !== undefined) provided.set(partner, [...(provided.get(partner) ?? []), product])
  }
  return provided
}
