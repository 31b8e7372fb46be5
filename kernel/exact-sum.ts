import { add, type Rational, rational } from './rational.ts'

/** Adds exact numbers; however many there are, and of whatever denominators, one more costs the same. */
export type ExactSum = {
  readonly add: (exact: Rational) => void
  /** Not necessarily in lowest terms: of thousands of denominators the common one has thousands of digits. */
  readonly value: () => Rational
}

/** Begins a sum at zero. */
export function exactSum(): ExactSum {
  const numerators = new Map<bigint, bigint>()
  return {
    add: ({ numerator, denominator }) => {
      numerators.set(denominator, (numerators.get(denominator) ?? 0n) + numerator)
    },
    value: () => halved([...numerators].map(([denominator, numerator]) => ({ numerator, denominator }))),
  }
}

/** The sum of some numbers, halves first: long numbers then meet only long ones, and only a few times. */
function halved(parts: readonly Rational[]): Rational {
  const [first, second] = parts
  if (first === undefined) return rational(0n)
  if (second === undefined) return first
  const middle = parts.length >> 1
  return add(halved(parts.slice(0, middle)), halved(parts.slice(middle)))
}
