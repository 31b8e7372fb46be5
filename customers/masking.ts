import { unreachable } from '../kernel/invariant.ts'
import type { Granularity } from './granularity.ts'
import { normalizeValue, rankOf, type ValueForm } from './tag-value.ts'

/** Values up to and including `upTo`; the last band of a list goes without it and takes the rest. */
export type Band = { readonly upTo?: string | undefined; readonly label: string }

/** A condition that a value meets or not. */
export type Flag = { readonly atLeast: string } | { readonly in: readonly string[] }

/** What a tag's definition says about sharing it coarsely. */
export type MaskPolicy = ValueForm & {
  readonly bands?: readonly Band[] | undefined
  readonly flag?: Flag | undefined
}

/** Turns a value into what may be shared at a granularity. */
export type Mask = (granularity: Granularity, value: string) => string | undefined

/**
 * Prepares a policy for many values. A band gives its label and a flag `true` or `false`: two values that fall together
 * give the same text, so the value itself cannot be told from it. Nothing comes of a granularity that the policy does not
 * provide for, nor of a value that is none of the type.
 */
export function maskOf(policy: MaskPolicy): Mask {
  const bandOf = policy.bands && bandMask(policy, policy.bands)
  const flagOf = policy.flag && flagMask(policy, policy.flag)
  return (granularity, value) => {
    switch (granularity) {
      case 'exact':
        return value
      case 'band':
        return bandOf?.(value)
      case 'flag':
        return flagOf?.(value)
      default:
        return unreachable(granularity)
    }
  }
}

type Coarse = (value: string) => string | undefined

function bandMask(form: ValueForm, bands: readonly Band[]): Coarse {
  const bounds = bands.map(({ upTo, label }) => ({ label, bound: upTo === undefined ? undefined : rankOf(form, upTo) }))
  return (value) => {
    const rank = rankOf(form, value)
    if (rank === undefined) return undefined
    return bounds.find(({ bound }) => bound === undefined || rank <= bound)?.label
  }
}

function flagMask(form: ValueForm, flag: Flag): Coarse {
  if ('in' in flag) {
    const members = new Set(flag.in)
    return (value) => (normalizeValue(form, value) === undefined ? undefined : String(members.has(value)))
  }
  const least = rankOf(form, flag.atLeast)
  return (value) => {
    const rank = rankOf(form, value)
    return rank === undefined || least === undefined ? undefined : String(rank >= least)
  }
}
