import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rational, round } from '../../../kernel/rational.ts'
import type { AmountTier, AumIncrementTiers, ServiceOutcome } from '../../../ledger/agreements/terms.ts'
import { guaranteeFor } from '../../../ledger/splits/guarantee.ts'
import { overridesFor } from '../../../ledger/splits/overrides.ts'
import { assets, course, ON_FACTS, service, splitCases, traffic } from './cases.ts'
import { termsOf } from './facts.ts'

const whole = (max: bigint) => fc.bigInt({ min: 0n, max })
const rate = whole(1_000_000n)

describe('courses', () => {
  const rule = { kind: 'COURSE_COMPLETION', ratePpm: 300_000n, ...ON_FACTS } as const
  const earned = (
    done: bigint,
    doneBefore: bigint,
    more: Partial<typeof rule & { minimumCompletionPpm: bigint }> = {},
  ) => splitCases([{ ...rule, ...more }], [course('c', { done, doneBefore })])[0]?.total

  test('W2: each period earns the difference of what is rounded', () => {
    expect([earned(3n, 0n), earned(7n, 3n), earned(12n, 7n)]).toEqual([1492n, 1990n, 2488n])
  })

  test('below the minimum nothing is earned, and all of it once it is reached', () => {
    const minimum = { minimumCompletionPpm: 500_000n }
    expect([earned(5n, 0n, minimum), earned(6n, 5n, minimum), earned(7n, 6n, minimum)]).toEqual([0n, 2985n, 497n])
  })

  test('however a course falls into periods, they sum to its worth, rounded once', () => {
    const progress = fc.array(fc.bigInt({ min: 0n, max: 40n }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(whole(10n ** 9n), rate, progress, (price, ratePpm, steps) => {
        const highest = steps.toSorted((a, b) => Number(a - b))
        const parts = highest.map((done, index) => {
          const parts = { price, units: 40n, done, doneBefore: highest[index - 1] ?? 0n }
          return splitCases([{ ...rule, ratePpm }], [course('c', parts)])[0]?.total ?? 0n
        })
        const last = highest.at(-1) ?? 0n
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(round(rational(price * ratePpm * last, 40_000_000n)))
      }),
    )
  })
})

describe('assets', () => {
  const tiers = [{ upTo: 10_000_000n, ppm: 1000n }, { upTo: 50_000_000n, ppm: 800n }, { ppm: 500n }]
  const rule: AumIncrementTiers = {
    kind: 'AUM_INCREMENT_TIERS',
    ...{ tiers, mode: 'GRADUATED', highWaterMark: true, basis: 'BALANCE' },
    ...ON_FACTS,
  }
  const total = (more: Partial<AumIncrementTiers>, balances: Parameters<typeof assets>[1]) =>
    splitCases([{ ...rule, ...more }], [assets('r', balances)])[0]?.total

  test('W3: graduated and by volume', () => {
    const balances = { mark: 120_000_000n, end: 195_432_199n }
    expect(total({}, balances)).toBe(54_716n)
    expect(total({ mode: 'VOLUME' }, balances)).toBe(37_716n)
  })

  test('upTo is inclusive', () => {
    expect(total({ mode: 'VOLUME' }, { mark: 0n, end: 10_000_000n })).toBe(10_000n)
    expect(total({ mode: 'VOLUME' }, { mark: 0n, end: 10_000_001n })).toBe(8000n)
  })

  test('without a mark it is the last snapshot before; a fall earns zero, no snapshot nothing', () => {
    expect(total({ highWaterMark: false }, { mark: 9n, start: 90_000_000n, end: 100_000_000n })).toBe(10_000n)
    expect(total({}, { mark: 100n, end: 50n })).toBe(0n)
    expect(splitCases([rule], [assets('r', { mark: 5n })])).toEqual([])
  })

  test('net flows look at flows alone', () => {
    const flows = { highWaterMark: false, basis: 'NET_FLOWS' } as const
    expect(total(flows, { flows: 10_000_000n, end: 5n })).toBe(10_000n)
    expect(total(flows, { flows: -1n })).toBe(0n)
    expect(total(flows, { end: 5n })).toBeUndefined()
  })

  test('graduated tiers agree with a reckoning unit by unit', () => {
    const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 })
    fc.assert(
      fc.property(
        bounds,
        fc.array(rate, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 0, max: 80 }),
        (ends, rates, grown) => {
          const limits = ends.toSorted((a, b) => a - b)
          const some: readonly AmountTier[] = [
            ...limits.map((upTo, index) => ({ upTo: BigInt(upTo), ppm: rates[index] ?? 0n })),
            { ppm: rates[limits.length] ?? 0n },
          ]
          let parts = 0n
          for (let unit = 1; unit <= grown; unit++) {
            parts += some.find(({ upTo }) => upTo === undefined || BigInt(unit) <= upTo)?.ppm ?? 0n
          }
          expect(total({ tiers: some }, { mark: 0n, end: BigInt(grown) })).toBe(round(rational(parts, 1_000_000n)))
        },
      ),
    )
  })
})

describe('traffic', () => {
  const rule = { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250n, unit: 'click', ...ON_FACTS } as const

  test('W4: the rule’s own cap, and what was forgone', () => {
    expect(splitCases([{ ...rule, capPerPeriod: 55_000n }], [traffic('t', 48_217n)])).toMatchObject([
      { total: 55_000n, forgone: 5271n, adjustments: [{ kind: 'RULE_CAP', after: 55_000n }] },
    ])
    expect(splitCases([rule], [traffic('t', 48_217n)])[0]?.total).toBe(60_271n)
  })

  test('the lines follow a cap, and another unit is none of it', () => {
    const facts = [traffic('a', 1000n), traffic('b', 3000n), traffic('c', 9n, 'visit')]
    expect(splitCases([{ ...rule, capPerPeriod: 1000n }], facts)).toMatchObject([{ amounts: [250n, 750n] }])
  })

  test('rules are stacked without limit: there is no money behind traffic', () => {
    const twice = splitCases([rule, { ...rule, priority: 2 }], [traffic('t', 1000n)], { maxSharePpm: 1n })
    expect(twice.map(({ total }) => total)).toEqual([1250n, 1250n])
  })
})

describe('services', () => {
  const rule: ServiceOutcome = {
    kind: 'SERVICE_OUTCOME',
    ratePpm: 200_000n,
    scoreTiers: [
      { minScore: 60n, ppm: 500_000n },
      { minScore: 90n, ppm: 1_000_000n },
    ],
    ...ON_FACTS,
  }
  const total = (score: bigint) => splitCases([rule], [service('s', 30_001n, score)])[0]?.total

  test('the highest tier that the score reaches', () => {
    expect([total(59n), total(60n), total(89n), total(90n)]).toEqual([0n, 3000n, 3000n, 6000n])
  })

  test('lines sum to the total, in whatever order they come', () => {
    const facts = fc.array(fc.tuple(whole(10n ** 9n), whole(100n)), { maxLength: 20 })
    fc.assert(
      fc.property(facts, (list) => {
        const cases = list.map(([fee, score], index) => service(`s${index}`, fee, score))
        const [split] = splitCases([rule], cases)
        const [other] = splitCases([rule], cases.toReversed())
        expect(split?.amounts.reduce((a, b) => a + b, 0n)).toBe(split?.total)
        expect(other?.amounts.toReversed()).toEqual(split?.amounts)
      }),
    )
  })
})

describe('what looks at what others earn', () => {
  const override = { kind: 'OVERRIDE', parentPartner: 'alpha', ratePpm: 100_000n } as const
  const earners = [
    { partner: 'alpha', earned: rational(1_000_000n) },
    { partner: 'gamma', earned: rational(25n, 3n) },
    { partner: 'beta', earned: rational(1005n) },
    { partner: 'delta', earned: rational(0n) },
  ]

  test('an override is a line for each child that earned something, rounded once', () => {
    const [split] = overridesFor(termsOf([override]), 'alpha', earners)
    expect(split).toMatchObject({ total: 101n, amounts: [100n, 1n] })
    expect(split?.explanations.map(({ detail }) => detail)).toEqual([
      { kind: 'OVERRIDE', child: 'beta' },
      { kind: 'OVERRIDE', child: 'gamma' },
    ])
    expect(overridesFor(termsOf([override]), 'beta', earners)).toEqual([])
    expect(overridesFor(termsOf([{ ...override, childPartners: ['delta'] }]), 'alpha', earners)).toEqual([])
  })

  test('a guarantee fills up to its amount, also below zero, and no further', () => {
    const terms = termsOf([{ kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 500n }])
    expect([-20n, 0n, 499n, 500n, 501n].map((earned) => guaranteeFor(terms, earned)[0]?.total)).toEqual([
      520n,
      500n,
      1n,
      undefined,
      undefined,
    ])
  })
})
