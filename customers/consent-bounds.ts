import { Fault } from '../kernel/fault.ts'
import { GRANULARITIES, type SharedTag } from './granularity.ts'

/** What a customer may only make less of. */
export type Bounds = { readonly tags: readonly SharedTag[]; readonly expiresAt: Date }

/**
 * Lets through what is within bounds: some of the tags, each at the same granularity or a coarser one, no later end. Throws
 * `INVALID_INPUT` with the field at fault.
 */
export function refuseBeyond(bounds: Bounds, narrowed: Bounds): void {
  const most = new Map(bounds.tags.map(({ key, granularity }) => [key, finenessOf(granularity)]))
  narrowed.tags.forEach(({ key, granularity }, index) => {
    const field = { field: `tags.${index}` }
    const bound = most.get(key)
    if (bound === undefined) throw new Fault('INVALID_INPUT', `tag ${key} was not asked for`, field)
    if (finenessOf(granularity) < bound) {
      throw new Fault('INVALID_INPUT', `tag ${key} was asked for less exactly than as ${granularity}`, field)
    }
  })
  if (narrowed.expiresAt > bounds.expiresAt) {
    throw new Fault('INVALID_INPUT', 'it would last longer than was asked for', { field: 'expiresAt' })
  }
}

/** 0 for the finest. */
function finenessOf(granularity: SharedTag['granularity']): number {
  return GRANULARITIES.indexOf(granularity)
}
