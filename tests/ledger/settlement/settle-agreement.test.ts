import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Settlement, type SettlementTerms, settleAgreement } from '../../../ledger/settlement/settle-agreement.ts'

const W9 = { holdback: { ppm: 100_000n, periods: 2 }, minimumPayout: 5000n, tax: {} }

type Period = { readonly earned: bigint; readonly clawbacks: bigint }

test('W9: four periods with a minimum, holdback for two periods and clawbacks', () => {
  const settled = settleAll(W9, [
    { earned: 4200n, clawbacks: 0n },
    { earned: 6000n, clawbacks: -1500n },
    { earned: 1000n, clawbacks: -9000n },
    { earned: 20000n, clawbacks: 0n },
  ])
  expect(settled.map(({ payout }) => payout)).toEqual([0n, 7680n, 0n, 10920n])
  expect(settled.map(({ closing }) => closing)).toEqual([3780n, 0n, -7680n, 0n])
  expect(settled.at(-1)?.held).toBe(2100n)
})

test('W10: VAT is rounded half up and withholding down, on the payout', () => {
  const terms = { ...W9, holdback: { ppm: 0n, periods: 0 }, tax: { vatPpm: 200_000n, withholdingPpm: 100_000n } }
  expect(settleAgreement({ ...nothing, earned: 54716n }, terms)).toMatchObject({
    payout: 54716n,
    vat: 10943n,
    withholding: 5471n,
    transfer: 60188n,
  })
})

describe('the payout', () => {
  const terms = { ...W9, holdback: { ppm: 0n, periods: 0 }, tax: { vatPpm: 200_000n, withholdingPpm: 100_000n } }

  test('is made when the balance is the minimum exactly', () => {
    expect(settleAgreement({ ...nothing, earned: 5000n }, terms)).toMatchObject({ payout: 5000n, closing: 0n })
  })

  test('waits below the minimum, and so does the tax', () => {
    expect(settleAgreement({ ...nothing, earned: 4999n }, terms)).toMatchObject({
      payout: 0n,
      closing: 4999n,
      vat: 0n,
      withholding: 0n,
      transfer: 0n,
    })
  })

  test('is never negative, also without a minimum', () => {
    const free = { ...terms, minimumPayout: 0n }
    expect(settleAgreement({ ...nothing, earned: -1n }, free)).toMatchObject({ payout: 0n, closing: -1n })
  })
})

test('half a unit of VAT is rounded up', () => {
  const terms = { ...W9, minimumPayout: 0n, holdback: { ppm: 0n, periods: 0 }, tax: { vatPpm: 500_000n } }
  expect(settleAgreement({ ...nothing, earned: 1n }, terms).vat).toBe(1n)
  expect(settleAgreement({ ...nothing, earned: 3n }, terms).vat).toBe(2n)
})

test('nothing is held back of negative earnings, nor for no period', () => {
  expect(settleAgreement({ ...nothing, earned: -1000n }, W9).holdback).toBe(0n)
  const atOnce = { ...W9, holdback: { ppm: 100_000n, periods: 0 } }
  expect(settleAgreement({ ...nothing, earned: 1000n }, atOnce).holdback).toBe(0n)
})

test('what was not held cannot be released', () => {
  expect(() => settleAgreement({ ...nothing, heldBefore: 1n, released: 2n }, W9)).toThrow('no more is released')
  expect(() => settleAgreement({ ...nothing, clawbacks: 1n }, W9)).toThrow('clawbacks')
})

test('what was earned and clawed back is what was paid, is carried and is held', () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
  const period = fc.record({ earned: amount, clawbacks: fc.bigInt({ min: -(10n ** 12n), max: 0n }) })
  const terms = fc.record({
    holdback: fc.record({ ppm: fc.bigInt({ min: 0n, max: 1_000_000n }), periods: fc.nat({ max: 4 }) }),
    minimumPayout: fc.bigInt({ min: 0n, max: 10n ** 11n }),
    tax: fc.constant({}),
  })
  fc.assert(
    fc.property(terms, fc.array(period, { minLength: 1, maxLength: 12 }), (agreed, periods) => {
      const settled = settleAll(agreed, periods)
      const given = periods.reduce((all, { earned, clawbacks }) => all + earned + clawbacks, 0n)
      const paid = settled.reduce((all, { payout }) => all + payout, 0n)
      const last = settled.at(-1)
      expect(paid + (last?.closing ?? 0n) + (last?.held ?? 0n)).toBe(given)
    }),
  )
})

const nothing = { opening: 0n, heldBefore: 0n, earned: 0n, clawbacks: 0n, released: 0n }

/** Settles periods in sequence; what is held is released as the terms say. */
function settleAll(terms: SettlementTerms, periods: readonly Period[]): readonly Settlement[] {
  const settled: Settlement[] = []
  for (const [index, { earned, clawbacks }] of periods.entries()) {
    const before = settled.at(-1)
    const due = terms.holdback.periods === 0 ? undefined : settled[index - terms.holdback.periods]
    const input = { earned, clawbacks, opening: before?.closing ?? 0n, heldBefore: before?.held ?? 0n }
    settled.push(settleAgreement({ ...input, released: due?.holdback ?? 0n }, terms))
  }
  return settled
}

describe('a reserve', () => {
  const minor = fc.bigInt({ min: -1_000_000n, max: 1_000_000n })
  const natural = fc.bigInt({ min: 0n, max: 1_000_000n })

  test('is carried and not paid, and what it leaves is as it would be', () => {
    fc.assert(
      fc.property(minor, natural, natural, natural, fc.boolean(), (opening, earned, reserve, clawed, ended) => {
        const input = { ...nothing, opening, earned, clawbacks: -clawed, ended }
        const [free, kept] = [settleAgreement(input, W9), settleAgreement({ ...input, reserve }, W9)]
        const balance = free.payout + free.closing
        expect(kept.payout + kept.closing).toBe(balance)
        expect(kept.held).toBe(free.held)
        expect(kept.payout).toBeLessThanOrEqual(free.payout)
        if (kept.payout > 0n) expect(kept.closing).toBe(reserve)
      }),
    )
  })

  test('of nothing changes nothing, and one above the balance keeps all of it', () => {
    const input = { ...nothing, earned: 20_000n }
    expect(settleAgreement({ ...input, reserve: 0n }, W9)).toEqual(settleAgreement(input, W9))
    expect(settleAgreement({ ...input, reserve: 20_000n }, W9)).toMatchObject({ payout: 0n, vat: 0n, closing: 18_000n })
  })
})
