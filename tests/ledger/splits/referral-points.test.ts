import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReferralPoints } from '../../../ledger/agreements/terms.ts'
import type { ReferralCase } from '../../../ledger/splits/fact-case.ts'
import { rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import { type PointsGift, referralPoints } from '../../../ledger/splits/referral-points.ts'
import { termsOf } from './facts.ts'

const RULE: ReferralPoints = {
  kind: 'REFERRAL_POINTS',
  filter: {},
  priority: 1,
  exclusive: false,
  pointsPerReferral: 100n,
  bonus: [
    { fromNth: 3, points: 250n },
    { fromNth: 10, points: 0n },
  ],
  valuePerHundredPoints: 50n,
  expiresAfterDays: 30,
  beneficiary: 'REFERRER',
}
const REFERRED = `cus_${'1'.repeat(32)}` as const
const REFERRER = `cus_${'2'.repeat(32)}` as const

function referral(parts: Partial<ReferralCase> = {}): ReferralCase {
  return {
    kind: 'REFERRAL',
    contribution: { id: `ctr_${'2'.repeat(32)}`, externalId: 'r', occurredAt: new Date('2026-01-20T00:00:00Z') },
    customer: REFERRED,
    referrer: REFERRER,
    nthOfReferrer: 1,
    nthOfPartner: 7,
    about: { category: undefined, product: undefined, market: undefined, campaign: undefined },
    ...parts,
  }
}

function give(rules: readonly ReferralPoints[], of: ReferralCase): readonly PointsGift[] {
  return referralPoints(rulesInOrder(termsOf(rules)), of)
}

const told = (gifts: readonly PointsGift[]) => gifts.map(({ beneficiary, points }) => [beneficiary, points])

describe('points for a referral', () => {
  test.each([
    [1, 100n],
    [2, 100n],
    [3, 250n],
    [9, 250n],
  ])('the %i. of a life gives %i', (nthOfReferrer, points) => {
    expect(told(give([RULE], referral({ nthOfReferrer })))).toEqual([['REFERRER', points]])
  })

  test('a bonus of no points gives nothing', () => {
    expect(give([RULE], referral({ nthOfReferrer: 10 }))).toEqual([])
  })

  test.each([
    ['REFERRER', [['REFERRER', 100n]], []],
    ['REFERRED', [['REFERRED', 100n]], [['REFERRED', 250n]]],
    [
      'BOTH',
      [
        ['REFERRER', 100n],
        ['REFERRED', 100n],
      ],
      [['REFERRED', 250n]],
    ],
    ['PARTNER', [['PARTNER', 250n]], [['PARTNER', 250n]]],
  ] as const)('%s: with a referrer who is named, and without', (beneficiary, named, unnamed) => {
    const rule = { ...RULE, beneficiary }
    expect(told(give([rule], referral()))).toEqual(named)
    expect(told(give([rule], referral({ referrer: undefined, nthOfReferrer: undefined })))).toEqual(unnamed)
  })

  test('the customers are those of the referral, and the partner is none', () => {
    const rules = [
      { ...RULE, beneficiary: 'BOTH' as const },
      { ...RULE, beneficiary: 'PARTNER' as const },
    ]
    expect(give(rules, referral()).map(({ customer }) => customer)).toEqual([REFERRER, REFERRED, undefined])
  })

  test('rules give in their order, and an exclusive one that passes stops the others', () => {
    const rules = [
      { ...RULE, priority: 3, pointsPerReferral: 3n },
      { ...RULE, priority: 2, pointsPerReferral: 2n, exclusive: true, filter: { campaign: ['spring'] } },
      { ...RULE, priority: 1, pointsPerReferral: 1n },
    ]
    const spring = referral({ about: { ...referral().about, campaign: 'spring' } })
    expect(told(give(rules, spring))).toEqual([
      ['REFERRER', 1n],
      ['REFERRER', 2n],
    ])
    expect(told(give(rules, referral()))).toEqual([
      ['REFERRER', 1n],
      ['REFERRER', 3n],
    ])
  })

  test('are worth the exact amount, rounded half to even', () => {
    const amounts = fc.record({ points: fc.bigInt(1n, 10n ** 12n), value: fc.bigInt(0n, 10n ** 12n) })
    fc.assert(
      fc.property(amounts, ({ points, value }) => {
        const rule = { ...RULE, bonus: [], pointsPerReferral: points, valuePerHundredPoints: value }
        const [gift] = give([rule], referral())
        const money = gift?.money ?? -1n
        const off = money * 100n - points * value
        expect(off <= 50n && off >= -50n).toBe(true)
        if (off === 50n || off === -50n) expect(money % 2n).toBe(0n)
      }),
    )
    const half = { ...RULE, bonus: [], pointsPerReferral: 5n, valuePerHundredPoints: 50n }
    expect(give([half, { ...half, pointsPerReferral: 7n }], referral()).map(({ money }) => money)).toEqual([2n, 4n])
  })
})
