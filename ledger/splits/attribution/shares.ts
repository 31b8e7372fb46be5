import { type Rational, rational } from '../../../kernel/rational.ts'
import { type PathModel, touchWeights } from './touch-weights.ts'

/** A conversion with what it gives, exactly, and how many whole days before it its touches were, oldest first. */
export type Conversion = { readonly pool: Rational; readonly touches: readonly { readonly ageDays: number }[] }

/** The exact amount of each touch of a conversion, in their order; together they are its pool. Source: RULES §4. */
export function shareConversion(model: PathModel, { pool, touches }: Conversion): readonly Rational[] {
  const weights = touchWeights(
    model,
    touches.map(({ ageDays }) => ageDays),
  )
  const sum = weights.reduce((all, weight) => all + weight, 0n)
  return weights.map((weight) => rational(pool.numerator * weight, pool.denominator * sum))
}

/** Weights over their sum: the parts of a period's pool. Nobody has a part where all weights are zero. Source: RULES §4. */
export function sharesOfWeights(weights: ReadonlyMap<string, Rational>): ReadonlyMap<string, Rational> {
  const common = [...weights.values()].reduce((all, { denominator }) => all * denominator, 1n)
  const whole = [...weights].map(
    ([key, { numerator, denominator }]) => [key, (numerator * common) / denominator] as const,
  )
  const sum = whole.reduce((all, [, weight]) => all + weight, 0n)
  return new Map(sum === 0n ? [] : whole.map(([key, weight]) => [key, rational(weight, sum)]))
}
