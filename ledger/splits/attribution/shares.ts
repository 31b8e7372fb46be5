import { apportion, compareKeys, type ExactLine, shareOverLines, sumExact } from '../../../kernel/allocation.ts'
import { type Rational, rational, round } from '../../../kernel/rational.ts'
import { type PathModel, touchWeights } from './touch-weights.ts'

/** One touch before a conversion: whose, which fact, and how many whole days before. */
export type Touch = { readonly partner: string; readonly key: string; readonly ageDays: number }

/** A conversion with what it gives, exactly, and its touches, oldest first. */
export type Conversion = { readonly pool: Rational; readonly touches: readonly Touch[] }

/** The exact amount of each touch of a conversion, in their order; together they are its pool. Source: RULES §4. */
export function shareConversion(model: PathModel, { pool, touches }: Conversion): readonly Rational[] {
  const weights = touchWeights(
    model,
    touches.map(({ ageDays }) => ageDays),
  )
  const sum = weights.reduce((all, weight) => all + weight, 0n)
  return weights.map((weight) => rational(pool.numerator * weight, pool.denominator * sum))
}

/** What one partner gets of a pool: its total, and each of its lines'. */
export type PoolShare = { readonly total: bigint; readonly amounts: readonly bigint[] }

/**
 * Rounds a pool once and shares it among partners by their exact amounts (ties by code), then each partner's part over its
 * lines. The parts sum to the pool, and a partner's lines to its part. Source: RULES §4.
 */
export function sharePool(lines: ReadonlyMap<string, readonly ExactLine[]>): ReadonlyMap<string, PoolShare> {
  const partners = [...lines].map(([key, own]) => ({ key, exact: sumExact(own), lines: own }))
  partners.sort((a, b) => compareKeys(a.key, b.key))
  const totals = shareOverLines(round(sumExact(partners)), partners)
  return new Map(
    partners.map(({ key, lines: own }, index) => {
      const total = totals[index] ?? 0n
      return [key, { total, amounts: shareOverLines(total, own) }]
    }),
  )
}

/** Shares a period's rounded pool by weights that were computed over all of it (Markov, Shapley); ties by code. */
export function sharePeriodPool(pool: bigint, weights: ReadonlyMap<string, Rational>): ReadonlyMap<string, bigint> {
  const partners = [...weights].map(([key, exact]) => ({ key, exact })).sort((a, b) => compareKeys(a.key, b.key))
  const common = partners.reduce((all, { exact }) => all * exact.denominator, 1n)
  const whole = partners.map(({ key, exact }) => ({ key, weight: (exact.numerator * common) / exact.denominator }))
  const parts = whole.some(({ weight }) => weight > 0n) ? apportion(pool, whole) : []
  return new Map(whole.map(({ key }, index) => [key, parts[index] ?? 0n]))
}
