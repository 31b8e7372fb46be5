import { unreachable } from '../../../kernel/invariant.ts'
import { nthRoot } from './nth-root.ts'

/** How one conversion is shared among the touches before it. Source: RULES §4. */
export type PathModel =
  | { readonly model: 'FIRST' | 'LAST' | 'LINEAR' | 'POSITION' }
  | { readonly model: 'TIME_DECAY'; readonly halfLifeDays: number }

const FULL_WEIGHT_BITS = 32n
const ENDS_PERCENT = 40n
const MIDDLE_PERCENT = 20n

/**
 * Weights of the touches of one path, oldest first; `ages` are whole days before the conversion, in that order. A touch's
 * share is its weight over the sum of all, which is never zero. Of no touches there are no weights.
 */
export function touchWeights(model: PathModel, ages: readonly number[]): readonly bigint[] {
  const { length } = ages
  switch (model.model) {
    case 'FIRST':
      return ages.map((_, place) => (place === 0 ? 1n : 0n))
    case 'LAST':
      return lastOf(length)
    case 'LINEAR':
      return ages.map(() => 1n)
    case 'POSITION':
      return positionWeights(length)
    case 'TIME_DECAY': {
      const weights = ages.map((age) => decayedWeight(age, model.halfLifeDays))
      return weights.some((weight) => weight > 0n) ? weights : lastOf(length)
    }
    default:
      return unreachable(model)
  }
}

function lastOf(length: number): readonly bigint[] {
  return Array.from({ length }, (_, place) => (place === length - 1 ? 1n : 0n))
}

/** 40 % to either end and 20 % shared evenly between them; scaled by the number of those, so that all are whole. */
function positionWeights(length: number): readonly bigint[] {
  if (length <= 2) return Array.from({ length }, () => 1n)
  const end = ENDS_PERCENT * BigInt(length - 2)
  return Array.from({ length }, (_, place) => (place === 0 || place === length - 1 ? end : MIDDLE_PERCENT))
}

/**
 * `floor(2^32 · 2^(−age/halfLifeDays))`, without a float: the whole part of the half-life's root of a power of two.
 * 0 beyond 32 half-lives.
 */
function decayedWeight(ageDays: number, halfLifeDays: number): bigint {
  const halfLife = BigInt(halfLifeDays)
  const exponent = FULL_WEIGHT_BITS * halfLife - BigInt(ageDays)
  return exponent < 0n ? 0n : nthRoot(1n << exponent, halfLife)
}
