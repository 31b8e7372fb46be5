import { Fault } from '../../kernel/fault.ts'
import { isRefused, type RefusedFact, refusalOf } from './fact-result.ts'

/** Most items in one batch. */
const LARGEST_BATCH = 10_000

/** The items of a batch in their order, each parsed or refused. */
export type FactBatch<T> = readonly (T | RefusedFact)[]

/**
 * Parses each item of a batch; a fault of the parser becomes that item's refusal. Throws `INVALID_INPUT` for more than
 * 10,000 items.
 */
export function parseBatch<T>(items: readonly unknown[], parse: (item: unknown) => T): FactBatch<T> {
  if (items.length <= LARGEST_BATCH) return items.map((item) => parsedOrRefused(item, parse))
  throw new Fault('INVALID_INPUT', `a batch has at most ${LARGEST_BATCH} items`, { field: 'items' })
}

/** The items of a batch that nothing was found against so far. */
export function standing<T extends object>(batch: FactBatch<T>): readonly T[] {
  return batch.filter((part): part is T => !isRefused(part))
}

function parsedOrRefused<T>(item: unknown, parse: (item: unknown) => T): T | RefusedFact {
  try {
    return parse(item)
  } catch (error) {
    if (error instanceof Fault) return refusalOf(error, externalIdIn(item))
    throw error
  }
}

function externalIdIn(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const externalId: unknown = Reflect.get(item, 'externalId')
  return typeof externalId === 'string' ? externalId.slice(0, 200).toWellFormed() : undefined
}
