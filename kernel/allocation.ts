import { apportionExactly } from './apportion-exactly.ts'
import { compareKeys } from './compare-keys.ts'
import { exactSum } from './exact-sum.ts'
import { Fault } from './fault.ts'
import { type Rational, round } from './rational.ts'

/** One of those who share: its weight, and the key that breaks ties bytewise (never a generated id). */
export type Weight = { readonly key: string; readonly weight: bigint }

/**
 * Shares a total by the largest remainder; the parts stand in the order of the weights and sum to the total.
 * Units left over go to the largest remainders, ties to the bytewise smaller key; the sign is applied at the end.
 * Throws `INVALID_INPUT` for a negative weight, or none above zero while there is something to share.
 * Source: RULES §1.
 */
export function apportion(total: bigint, weights: readonly Weight[]): readonly bigint[] {
  const sum = weights.reduce((all, { weight }) => all + weight, 0n)
  if (weights.some(({ weight }) => weight < 0n)) throw new Fault('INVALID_INPUT', 'a weight is negative')
  if (total === 0n) return weights.map(() => 0n)
  if (sum === 0n) throw new Fault('INVALID_INPUT', 'there is nobody to share with: all weights are zero')
  const magnitude = magnitudeOf(total)
  const parts = weights.map(({ weight }) => (magnitude * weight) / sum)
  for (const index of largestRemainders(magnitude, weights, sum, parts)) parts[index] = (parts[index] ?? 0n) + 1n
  return total < 0n ? parts.map((part) => -part) : parts
}

function largestRemainders(
  magnitude: bigint,
  weights: readonly Weight[],
  sum: bigint,
  parts: readonly bigint[],
): readonly number[] {
  const left = Number(magnitude - parts.reduce((all, part) => all + part, 0n))
  if (left === 0) return []
  const ranked = weights.map(({ key, weight }, index) => ({ index, key, remainder: (magnitude * weight) % sum }))
  ranked.sort((a, b) => (a.remainder === b.remainder ? compareKeys(a.key, b.key) : a.remainder > b.remainder ? -1 : 1))
  return ranked.slice(0, left).map(({ index }) => index)
}

/** A line's exact amount before rounding, either sign, and its key. */
export type ExactLine = { readonly key: string; readonly exact: Rational }

/**
 * Rounds the sum of exact lines once, and shares it over the lines. With lines of both signs the negative ones are
 * rounded as a group and the positive ones take the rest, each group apportioned by its own absolute amounts.
 * Returns the total and the lines' amounts in their order; they sum to the total. Source: RULES §1.
 */
export function roundOnce(lines: readonly ExactLine[]): {
  readonly total: bigint
  readonly amounts: readonly bigint[]
} {
  const total = round(sumExact(lines))
  return { total, amounts: shareOverLines(total, lines) }
}

/** The exact sum of lines. */
export function sumExact(lines: readonly ExactLine[]): Rational {
  const sum = exactSum()
  for (const { exact } of lines) sum.add(exact)
  return sum.value()
}

/** Shares a total that was already decided (a cap, say) over lines of either sign. Source: RULES §1. */
export function shareOverLines(total: bigint, lines: readonly ExactLine[]): readonly bigint[] {
  const negative = lines.filter(({ exact }) => exact.numerator < 0n)
  if (negative.length === 0) return apportionLines(total, lines)
  const positive = lines.filter(({ exact }) => exact.numerator > 0n)
  if (positive.length === 0) return apportionLines(total, lines)
  const negativeTotal = round(sumExact(negative))
  const shares = new Map<ExactLine, bigint>()
  for (const [group, part] of [
    [negative, negativeTotal],
    [positive, total - negativeTotal],
  ] as const) {
    apportionLines(part, group).forEach((amount, index) => {
      const line = group[index]
      if (line) shares.set(line, amount)
    })
  }
  return lines.map((line) => shares.get(line) ?? 0n)
}

/** Of this many bits each weight is still short. */
const LONGEST_DENOMINATOR = 1n << 4096n

/** Apportions by absolute amounts. */
function apportionLines(total: bigint, lines: readonly ExactLine[]): readonly bigint[] {
  const common = commonDenominator(lines)
  if (common !== undefined) return apportion(total, weightsOf(lines, common))
  const parts = apportionExactly(
    magnitudeOf(total),
    lines.map(({ key, exact }) => ({ key, exact: sizeOf(exact) })),
  )
  return total < 0n ? parts.map((part) => -part) : parts
}

/** A denominator that all lines have in common, unless it is too long for each of them to be written on it. */
function commonDenominator(lines: readonly ExactLine[]): bigint | undefined {
  let common = 1n
  for (const denominator of new Set(lines.map(({ exact }) => exact.denominator))) {
    if (common % denominator !== 0n) common *= denominator
    if (common > LONGEST_DENOMINATOR) return undefined
  }
  return common
}

/** Integers in the proportion of the absolute amounts. */
function weightsOf(lines: readonly ExactLine[], common: bigint): readonly Weight[] {
  return lines.map(({ key, exact }) => ({ key, weight: magnitudeOf(exact.numerator * (common / exact.denominator)) }))
}

function sizeOf({ numerator, denominator }: Rational): Rational {
  return { numerator: magnitudeOf(numerator), denominator }
}

function magnitudeOf(value: bigint): bigint {
  return value < 0n ? -value : value
}
