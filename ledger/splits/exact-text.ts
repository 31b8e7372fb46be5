import { type Rational, reduce } from '../../kernel/rational.ts'
import type { ExactText } from './explanation.ts'

/** An exact number as an explanation has it. */
export function exactText(exact: Rational): ExactText {
  const { numerator, denominator } = reduce(exact)
  return { numerator: `${numerator}`, denominator: `${denominator}` }
}
