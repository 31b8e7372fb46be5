import { type Rational, reduce } from '../../kernel/rational.ts'
import type { ExactText } from './explanation.ts'

/** Beyond it nobody reads a fraction: sums of thousands of conversions have such. */
const LONGEST_DENOMINATOR = 10n ** 1000n
const DECIMALS = 18n

/** An exact number as an explanation has it. */
export function exactText(exact: Rational): ExactText {
  if (exact.denominator > LONGEST_DENOMINATOR) return { about: decimalOf(exact) }
  const { numerator, denominator } = reduce(exact)
  return { numerator: `${numerator}`, denominator: `${denominator}` }
}

/** Cut off behind the last decimal. */
function decimalOf({ numerator, denominator }: Rational): string {
  const scaled = (numerator * 10n ** DECIMALS) / denominator
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(Number(DECIMALS) + 1, '0')
  return `${numerator < 0n ? '-' : ''}${digits.slice(0, -Number(DECIMALS))}.${digits.slice(-Number(DECIMALS))}`
}
