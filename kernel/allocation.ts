import { Fault } from './fault.ts'
import { add, type Rational, rational, round } from './rational.ts'

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
  const magnitude = total < 0n ? -total : total
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
  return lines.reduce((all, { exact }) => add(all, exact), rational(0n))
}

/** Shares a total that was already decided (a cap, say) over lines of either sign. Source: RULES §1. */
export function shareOverLines(total: bigint, lines: readonly ExactLine[]): readonly bigint[] {
  const negative = lines.filter(({ exact }) => exact.numerator < 0n)
  if (negative.length === 0) return apportion(total, weightsOf(lines))
  const positive = lines.filter(({ exact }) => exact.numerator > 0n)
  if (positive.length === 0) return apportion(total, weightsOf(lines))
  const negativeTotal = round(sumExact(negative))
  const shares = new Map<ExactLine, bigint>()
  for (const [group, part] of [
    [negative, negativeTotal],
    [positive, total - negativeTotal],
  ] as const) {
    apportion(part, weightsOf(group)).forEach((amount, index) => {
      const line = group[index]
      if (line) shares.set(line, amount)
    })
  }
  return lines.map((line) => shares.get(line) ?? 0n)
}

/** Absolute amounts on a common denominator: integers in the proportion of the exact amounts. */
function weightsOf(lines: readonly ExactLine[]): readonly Weight[] {
  const denominators = [...new Set(lines.map(({ exact }) => exact.denominator))]
  const common = denominators.reduce((all, denominator) => (all % denominator === 0n ? all : all * denominator), 1n)
  return lines.map(({ key, exact }) => {
    const scaled = exact.numerator * (common / exact.denominator)
    return { key, weight: scaled < 0n ? -scaled : scaled }
  })
}

/** Bytewise order of two keys, as UTF-8. */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
