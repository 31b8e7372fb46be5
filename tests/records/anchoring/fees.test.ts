import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feesWithin } from '../../../records/anchoring/fees.ts'

const wei = fc.bigInt({ min: 0n, max: 10n ** 15n })
const quotes = fc.record({ gasLimit: fc.bigInt({ min: 21_000n, max: 10n ** 7n }), baseFee: wei, priorityFee: wei })
const budgets = fc.bigInt({ min: 0n, max: 10n ** 22n })
const replacements = fc.option(fc.record({ maxFee: wei, priorityFee: wei }), { nil: undefined })

test('a transaction never costs more than the budget, and always pays what blocks ask for now', () => {
  fc.assert(
    fc.property(budgets, quotes, replacements, (budget, quote, replaced) => {
      const fees = feesWithin(budget, quote, replaced)
      if ('needsWei' in fees) expect(fees.needsWei).toBeGreaterThan(budget)
      else {
        expect(fees.maxFee * fees.gasLimit).toBeLessThanOrEqual(budget)
        expect(fees.maxFee).toBeGreaterThanOrEqual(quote.baseFee + fees.priorityFee)
        expect(fees.priorityFee).toBeGreaterThanOrEqual(quote.priorityFee)
      }
    }),
  )
})

test('a replacement pays at least an eighth more for both fees', () => {
  fc.assert(
    fc.property(quotes, fc.record({ maxFee: wei, priorityFee: wei }), (quote, replaced) => {
      const fees = feesWithin(10n ** 30n, quote, replaced)
      if ('needsWei' in fees) throw new Error('the budget is large enough')
      expect(fees.maxFee * 8n).toBeGreaterThanOrEqual(replaced.maxFee * 9n)
      expect(fees.priorityFee * 8n).toBeGreaterThanOrEqual(replaced.priorityFee * 9n)
      expect(fees.maxFee).toBeGreaterThan(replaced.maxFee)
    }),
  )
})

test('with money enough, it pays while the base fee doubles', () => {
  const fees = feesWithin(10n ** 18n, { gasLimit: 100_000n, baseFee: 50n, priorityFee: 3n })
  expect(fees).toEqual({ gasLimit: 100_000n, maxFee: 103n, priorityFee: 3n })
  expect(feesWithin(6_000_000n, { gasLimit: 100_000n, baseFee: 50n, priorityFee: 3n })).toMatchObject({ maxFee: 60n })
  expect(feesWithin(5_299_999n, { gasLimit: 100_000n, baseFee: 50n, priorityFee: 3n })).toEqual({
    needsWei: 5_300_000n,
  })
})
