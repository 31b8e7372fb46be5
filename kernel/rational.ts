import { invariant } from './invariant.ts'

/** An exact number: `numerator / denominator`, the denominator positive. Not necessarily in lowest terms. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

/** Parts per million as the denominator of every rate (RULES §Arithmetic). */
export const PPM = 1_000_000n

/** A rational out of two integers; the sign moves to the numerator. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  invariant(denominator !== 0n, 'a rational needs a denominator')
  return denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator }
}

/** a + b, exactly. */
export function add(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator }
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }
}

/** a · b, exactly. */
export function multiply(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator }
}

/** An amount times a rate in parts per million. */
export function timesPpm(amount: bigint, ratePpm: bigint): Rational {
  return { numerator: amount * ratePpm, denominator: PPM }
}

/** In lowest terms; for numbers of some hundred digits, not of thousands. */
export function reduce({ numerator, denominator }: Rational): Rational {
  let divisor = denominator
  for (let rest = numerator < 0n ? -numerator : numerator; rest !== 0n; ) [divisor, rest] = [rest, divisor % rest]
  return divisor === 1n
    ? { numerator, denominator }
    : { numerator: numerator / divisor, denominator: denominator / divisor }
}

/** Half to even, symmetric in sign: `round(−x) = −round(x)` (RULES §Arithmetic). */
export function round({ numerator, denominator }: Rational): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator
  const quotient = magnitude / denominator
  const twice = (magnitude % denominator) * 2n
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  const rounded = up ? quotient + 1n : quotient
  return numerator < 0n ? -rounded : rounded
}
