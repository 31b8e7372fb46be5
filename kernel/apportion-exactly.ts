import { compareKeys } from './compare-keys.ts'
import { exactSum } from './exact-sum.ts'
import { invariant } from './invariant.ts'
import type { Rational } from './rational.ts'

/** One of those who share by exact weights, none of them negative; the key breaks ties bytewise. */
export type ExactWeight = { readonly key: string; readonly exact: Rational }

/** Bits beyond those that the numbers take by themselves: two remainders that differ are almost never closer than that. */
const SPARE_BITS = 128n

/**
 * As `apportion`, by exact weights whose common denominator is too long to write each of them on. Parts and remainders are
 * found between two bounds that are very near each other; where those leave it open, by the exact sum. `total` is not
 * negative, and above zero only where a weight is.
 */
export function apportionExactly(total: bigint, weights: readonly ExactWeight[]): readonly bigint[] {
  if (total === 0n) return weights.map(() => 0n)
  const sum = exactSum()
  for (const { exact } of weights) sum.add(exact)
  const whole = sum.value()
  const shares = boundsOf(total, weights).map((bounds, place) =>
    shareOf(total, whole, { bounds, ...at(weights, place) }),
  )
  const left = total - shares.reduce((all, { part }) => all + part, 0n)
  const parts = shares.map(({ part }) => part)
  const ranked = [...shares.keys()].sort((a, b) => byRemainder(total, whole, at(shares, a), at(shares, b)))
  for (const place of ranked.slice(0, Number(left))) parts[place] = at(parts, place) + 1n
  return parts
}

/** What lies between: a share times 2^`SPARE_BITS`, inclusive. */
type Bounds = { readonly low: bigint; readonly high: bigint }
type Share = ExactWeight & { readonly part: bigint } & Bounds

function boundsOf(total: bigint, weights: readonly ExactWeight[]): readonly Bounds[] {
  const count = BigInt(weights.length)
  const longest = weights.reduce((most, { exact }) => Math.max(most, bitsOf(exact.denominator)), 0)
  const bits = BigInt(bitsOf(total) + bitsOf(count) + longest) + 2n * SPARE_BITS
  const floors = weights.map(({ exact: { numerator, denominator } }) => (numerator << bits) / denominator)
  const least = floors.reduce((all, floor) => all + floor, 0n)
  return floors.map((floor) => ({
    low: ((total * floor) << SPARE_BITS) / (least + count),
    high: ((total * (floor + 1n)) << SPARE_BITS) / least + 1n,
  }))
}

function shareOf(
  total: bigint,
  whole: Rational,
  { bounds, key, exact }: ExactWeight & { readonly bounds: Bounds },
): Share {
  const part = bounds.low >> SPARE_BITS
  if (part === bounds.high >> SPARE_BITS) return { key, exact, part, ...bounds }
  const found = (total * exact.numerator * whole.denominator) / (exact.denominator * whole.numerator)
  return { key, exact, part: found, ...bounds }
}

/** The larger remainder first. */
function byRemainder(total: bigint, whole: Rational, a: Share, b: Share): number {
  const [aBase, bBase] = [a.part << SPARE_BITS, b.part << SPARE_BITS]
  if (a.low - aBase > b.high - bBase) return -1
  if (b.low - bBase > a.high - aBase) return 1
  // (a − b) · total / whole − (a.part − b.part), without the denominators, which are positive
  const weights = a.exact.numerator * b.exact.denominator - b.exact.numerator * a.exact.denominator
  if (weights === 0n) return compareKeys(a.key, b.key)
  const parts = (a.part - b.part) * a.exact.denominator * b.exact.denominator
  const difference = weights * total * whole.denominator - parts * whole.numerator
  if (difference === 0n) return compareKeys(a.key, b.key)
  return difference > 0n ? -1 : 1
}

function bitsOf(value: bigint): number {
  return 4 * value.toString(16).length
}

/** What stands at a place that is known to be there. */
function at<T>(list: readonly T[], place: number): T {
  const found = list[place]
  invariant(found !== undefined, 'a place within the list')
  return found
}
