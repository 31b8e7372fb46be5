import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { appendRecords, type NewRecord } from '../records/append-records.ts'
import type { ImportItem, ImportOutcome } from '../records/import/import-spec.ts'
import type { MappedProduct } from './map-product.ts'
import type { ProductDetails } from './product.ts'
import { partnersByCode, type Upserted, upsertProducts } from './store/upsert-products.ts'

type Placed = { readonly index: number; readonly product: ProductDetails }

/**
 * Writes mapped products in the order of their lines, and a record for each that is new or has changed; one outcome for
 * each item. A product whose provider is nobody's code is refused.
 */
export async function writeProducts(
  context: Context,
  tx: Transaction,
  items: readonly ImportItem<MappedProduct>[],
): Promise<readonly ImportOutcome[]> {
  const { placed, outcomes } = await withProviders(tx, items)
  for (const round of roundsOf(placed)) {
    const details = round.map(({ product }) => product)
    const at = context.clock.now()
    const upserted = await upsertProducts(tx, details, at)
    await appendRecords(
      { ...context, clock: clockAt(at) },
      tx,
      upserted.flatMap((one, index) => recordOf(one, details[index])),
    )
    round.forEach(({ index }, place) => {
      outcomes[index] = upserted[place]?.outcome ?? 'unchanged'
    })
  }
  return outcomes
}

async function withProviders(
  tx: Transaction,
  items: readonly ImportItem<MappedProduct>[],
): Promise<{ readonly placed: readonly Placed[]; readonly outcomes: ImportOutcome[] }> {
  const codes = new Set(items.flatMap(({ item }) => item.providerCode ?? []))
  const partners = codes.size === 0 ? new Map() : await partnersByCode(tx, [...codes])
  const placed: Placed[] = []
  const outcomes: ImportOutcome[] = items.map(({ item: { providerCode, ...product } }, index) => {
    const provider = providerCode === undefined ? undefined : partners.get(providerCode)
    if (providerCode !== undefined && provider === undefined) {
      return {
        refused: 'NOT_FOUND',
        message: 'there is no partner with the code of its provider',
        field: 'providerPartner',
      }
    }
    placed.push({ index, product: provider === undefined ? product : { ...product, providerPartner: provider } })
    return 'unchanged'
  })
  return { placed, outcomes }
}

/** A file may name a product twice: the later line holds. One statement takes each product once, hence the rounds. */
function roundsOf(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const rounds: Placed[][] = []
  const seen = new Map<string, number>()
  for (const one of placed) {
    const number = seen.get(one.product.externalId) ?? 0
    seen.set(one.product.externalId, number + 1)
    const round = rounds[number] ?? []
    rounds[number] = round
    round.push(one)
  }
  return rounds
}

function recordOf(upserted: Upserted, details: ProductDetails | undefined): readonly NewRecord[] {
  if (upserted.outcome === 'unchanged' || details === undefined) return []
  const event = upserted.outcome === 'created' ? 'CREATED' : 'CHANGED'
  return [{ kind: 'product', data: { event, product: upserted.id, ...details, version: BigInt(upserted.version) } }]
}
