import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, shareOverLines } from '../../kernel/allocation.ts'
import { apportionExactly, type ExactWeight } from '../../kernel/apportion-exactly.ts'
import { exactSum } from '../../kernel/exact-sum.ts'
import { rational, round } from '../../kernel/rational.ts'

const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 14 })
const weightsOf = (numerators: fc.Arbitrary<bigint>, denominators: fc.Arbitrary<bigint>) =>
  keys
    .chain((all) =>
      fc.tuple(
        ...all.map((key) =>
          fc.record({
            key: fc.constant(key),
            exact: fc.tuple(numerators, denominators).map(([n, d]) => rational(n, d)),
          }),
        ),
      ),
    )
    .filter((all) => all.some(({ exact }) => exact.numerator > 0n))

// small ones meet ties, equal remainders and whole parts often
const weights = fc.oneof(
  weightsOf(fc.bigInt({ min: 0n, max: 4n }), fc.bigInt({ min: 1n, max: 4n })),
  weightsOf(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 12n })),
)
const totals = fc.oneof(fc.bigInt({ min: 0n, max: 30n }), fc.bigInt({ min: 0n, max: 10n ** 25n }))

/** The same weights on the product of their denominators. */
function onCommon(all: readonly ExactWeight[]) {
  const common = all.reduce((product, { exact }) => product * exact.denominator, 1n)
  return all.map(({ key, exact }) => ({ key, weight: exact.numerator * (common / exact.denominator) }))
}

describe('sharing by exact weights of any denominators', () => {
  it('gives the parts that their common denominator gives', () => {
    fc.assert(
      fc.property(totals, weights, (total, all) => {
        expect(apportionExactly(total, all)).toEqual(apportion(total, onCommon(all)))
      }),
      { numRuns: 3000 },
    )
  })

  it('shares nothing by weights that are all zero, whatever their denominators', () => {
    const nothing = Array.from({ length: 300 }, (_, place) => ({
      key: `${place}`,
      exact: rational(0n, 2n ** 34n + BigInt(place)),
    }))
    expect(shareOverLines(0n, nothing)).toEqual(nothing.map(() => 0n))
  })

  it('shares over thousands of lines, each with a denominator of its own, and sums to the total', () => {
    const lines = Array.from({ length: 5000 }, (_, place) => ({
      key: String(place),
      exact: rational(BigInt(place % 97) - 20n, 2n ** 34n + BigInt(place)),
    }))
    const sum = exactSum()
    for (const { exact } of lines) sum.add(rational(exact.numerator * 10n ** 13n, exact.denominator))
    const total = round(sum.value())
    const amounts = shareOverLines(total, lines)
    expect(total).not.toBe(0n)
    expect(amounts.reduce((all, amount) => all + amount, 0n)).toBe(total)
    for (const [place, amount] of amounts.entries())
      expect(amount * (lines[place]?.exact.numerator ?? 0n)).toBeGreaterThanOrEqual(0n)
  })
})

describe('a sum of exact numbers', () => {
  it('is the same in any order, and nothing is lost', () => {
    const numbers = fc.array(fc.tuple(fc.bigInt({ min: -50n, max: 50n }), fc.bigInt({ min: 1n, max: 30n })), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(numbers, (all) => {
        const sum = exactSum()
        for (const [numerator, denominator] of all) sum.add(rational(numerator, denominator))
        const { numerator, denominator } = sum.value()
        const common = all.reduce((product, [, own]) => product * own, 1n)
        const whole = all.reduce((total, [own, of]) => total + own * (common / of), 0n)
        expect(numerator * common).toBe(whole * denominator)
      }),
    )
  })
})
