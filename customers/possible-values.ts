import type { Granularity } from './granularity.ts'
import { type MaskPolicy, maskOf } from './masking.ts'

/** A value as it was shared: the value itself, the label of its band, or `true` or `false`. */
export type SharedValue = { readonly granularity: Granularity; readonly value: string }

/**
 * Which values of a tag with a list of them are possible, given what was shared of it: all that would look the same. None of
 * a tag without such a list.
 */
export function possibleValues(policy: MaskPolicy, { granularity, value }: SharedValue): readonly string[] {
  const mask = maskOf(policy)
  return (policy.values ?? []).filter((one) => mask(granularity, one) === value)
}
