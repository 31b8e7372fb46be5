import { describe, expect, test } from 'vitest'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import type { Attribution, PoolSplit } from '../../../ledger/agreements/terms.ts'
import { apportion } from '../../support/naive-rules/apportion.ts'
import { DAY } from '../../support/naive-rules/calendar.ts'
import { fraction, sum } from '../../support/naive-rules/fraction.ts'
import { removalEffects } from '../../support/naive-rules/models.ts'
import type { Conversion } from '../../support/naive-rules/paths.ts'
import { shareConversions } from '../../support/naive-rules/pools.ts'
import { settle, settleAmounts } from '../../support/naive-rules/settle.ts'
import type { Contribution, Member, Revenue, World } from '../../support/naive-rules/world.ts'
import { termsFor, W1_EVENTS, W1_REFERRED_AT } from '../settlement/scene.ts'

const ALDER: Member = { code: 'alder', from: 0, to: Number.POSITIVE_INFINITY, accrues: true }

function worldOf(rules: readonly object[] | undefined, facts: Partial<World>): World {
  const terms = parseTerms(termsFor('spring', rules === undefined ? {} : { rules }))
  return {
    ...{ zone: 'Asia/Shanghai', asset: 'CNY/2', versions: [terms], members: [ALDER] },
    ...{ contributions: [], events: [], ...facts },
  }
}

function done(kind: Contribution['kind'], at: string, more: Partial<Contribution> = {}): Contribution {
  return {
    ...{
      code: 'alder',
      externalId: `${kind} ${at}`,
      kind,
      at: Date.parse(at),
      named: true,
      customer: 'c',
      confirmed: true,
    },
    ...{ quantity: 1n, told: 0, minor: undefined, campaign: undefined, market: undefined, product: undefined },
    ...{ course: undefined, units: undefined, unit: undefined, score: undefined, ...more },
  }
}

function revenue(externalId: string, minor: number, at: string, base = 'COMMISSION'): Revenue {
  return {
    ...{ source: 'core', externalId, customer: 'c', base, asset: 'CNY/2', minor: BigInt(minor), at: Date.parse(at) },
    ...{ product: undefined, category: undefined, market: undefined, refundOf: undefined, told: 0 },
  }
}

/** What the only rule gives in each month: its total, what it forgoes, and its lines. */
function given(world: World, months: readonly string[]): readonly (readonly unknown[])[] {
  return settle(world, months).map(({ earnings }) => {
    return earnings.flatMap(({ total, forgone, lines }) => [total, forgone, lines.map(({ minor }) => minor)])
  })
}

/** A pool of all revenue, of conversions whose paths are told by their partners and ages in days. */
function pooled(
  attribution: Attribution,
  conversions: readonly (readonly [value: number, path: readonly (readonly [code: string, days: number])[]])[],
  lost: readonly (readonly string[])[] = [],
): Readonly<Record<string, bigint>> {
  const at = Date.parse('2026-04-20T00:00:00Z')
  const told = conversions.map(([value, path], place): Conversion => {
    const touches = path.map(([code, days]) => ({ code, externalId: code, at: at - days * DAY }))
    return { event: revenue(`r${place}`, value, '2026-04-20T00:00:00Z'), at, path: touches }
  })
  const lostPaths = lost.map((codes) => codes.map((code) => ({ code, externalId: code, at })))
  const shares = shareConversions({ ...ALL_REVENUE, attribution }, told, lostPaths)
  return Object.fromEntries([...shares].map(([code, { share }]) => [code, share]))
}

const ALL_REVENUE: PoolSplit = {
  ...{ kind: 'POOL_SPLIT', poolPpm: 1_000_000n, housePpm: 0n, base: 'COMMISSION', attribution: { model: 'LINEAR' } },
  ...{ filter: {}, priority: 0, exclusive: false },
}

const path = (text: string): readonly string[] => text.split('>')
const times = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one)

describe('the naive rules give the worked numbers', () => {
  const referral = done('REFERRAL', W1_REFERRED_AT)

  test('W1: a referral, rounded once', () => {
    const events = W1_EVENTS.map(([id, minor, at]) => revenue(id, minor, at))
    expect(given(worldOf(undefined, { contributions: [referral], events }), ['2026-04'])).toEqual([
      [458n, 0n, [247n, 200n, 11n]],
    ])
  })

  test('W11: a referral, reversed', () => {
    const events = W1_EVENTS.map(([id, minor, at]) => revenue(id, -minor, at))
    expect(given(worldOf(undefined, { contributions: [referral], events }), ['2026-04'])).toEqual([
      [-458n, 0n, [-247n, -200n, -11n]],
    ])
  })

  test('W2: a course, month by month', () => {
    const contributions = [3n, 7n, 12n].map((quantity, month) => {
      const at = `2026-0${month + 1}-10T00:00:00Z`
      return done('COURSE_COMPLETION', at, { course: 'options', units: 12n, minor: 19_900n, quantity })
    })
    const world = worldOf([{ kind: 'COURSE_COMPLETION', ratePpm: 300_000 }], { contributions })
    expect(given(world, ['2026-01', '2026-02', '2026-03']).map(([total]) => total)).toEqual([1492n, 1990n, 2488n])
  })

  test.each([
    ['GRADUATED', 54_716n],
    ['VOLUME', 37_716n],
  ])('W3: an increment by %s tiers', (mode, total) => {
    const tiers = [{ upTo: 10_000_000, ppm: 1000 }, { upTo: 50_000_000, ppm: 800 }, { ppm: 500 }]
    const rule = { kind: 'AUM_INCREMENT_TIERS', tiers, mode, highWaterMark: true, basis: 'BALANCE' }
    const events = [
      revenue('first', 120_000_000, '2026-04-02T00:00:00Z', 'ASSETS'),
      revenue('last', 195_432_199, '2026-04-29T00:00:00Z', 'ASSETS'),
    ]
    const contributions = [done('REFERRAL', '2026-04-01T00:00:00Z')]
    expect(given(worldOf([rule], { contributions, events }), ['2026-04'])).toEqual([[total, 0n, [total]]])
  })

  test('W4: traffic up to a cap', () => {
    const rule = { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK', capPerPeriod: 55_000 }
    const contributions = [done('TRAFFIC', '2026-04-02T00:00:00Z', { unit: 'CLICK', quantity: 48_217n })]
    expect(given(worldOf([rule], { contributions }), ['2026-04'])).toEqual([[55_000n, 5271n, [55_000n]]])
  })

  test.each<[Attribution, readonly [number, number, number, number]]>([
    [{ model: 'LINEAR' }, [250, 250, 250, 250]],
    [{ model: 'POSITION' }, [400, 100, 100, 400]],
    [{ model: 'TIME_DECAY', halfLifeDays: 7 }, [60, 179, 324, 437]],
    [{ model: 'FIRST' }, [1000, 0, 0, 0]],
    [{ model: 'LAST' }, [0, 0, 0, 1000]],
  ])('W5: a path by %o', (attribution, shares) => {
    const [A = 0n, B = 0n, C = 0n, D = 0n] = shares.map(BigInt)
    const touches = [
      ['A', 20],
      ['B', 9],
      ['C', 3],
      ['D', 0],
    ] as const
    expect(pooled(attribution, [[1000, touches]])).toEqual({ A, B, C, D })
  })

  test('W6: converting sets by Shapley', () => {
    const sets = [
      [1200, 'A'],
      [500, 'B'],
      [900, 'A>B'],
      [700, 'A>C'],
      [1001, 'A>B>C'],
    ] as const
    const conversions = sets.map(([value, codes]) => [value, path(codes).map((code) => [code, 1] as const)] as const)
    expect(pooled({ model: 'SHAPLEY' }, conversions)).toEqual({ A: 2334n, B: 1284n, C: 683n })
  })

  test('W7: a game by its marginal gains in every order', () => {
    const worth: Readonly<Record<string, bigint>> = { A: 40n, B: 30n, C: 10n, AB: 90n, AC: 60n, BC: 50n, ABC: 120n }
    const orders = ['ABC', 'ACB', 'BAC', 'BCA', 'CAB', 'CBA']
    const gain = (order: string, player: string): bigint => {
      const before = [...order.slice(0, order.indexOf(player))].sort().join('')
      return (worth[[...before, player].sort().join('')] ?? 0n) - (worth[before] ?? 0n)
    }
    const weights = ['A', 'B', 'C'].map((player) => {
      const gains = orders.map((order) => fraction(gain(order, player), 6n))
      return { key: [player], weight: sum(gains) }
    })
    expect(apportion(10_000n, weights)).toEqual([4583n, 3750n, 1667n])
  })

  test('W8: journeys by removal effects', () => {
    const journeys = [
      ['A>B', 3, 7],
      ['A', 1, 4],
      ['B>C', 2, 3],
      ['C', 1, 9],
    ] as const
    const effects = removalEffects(
      journeys.flatMap(([codes, won, lost]) => [
        ...times(won, { codes: path(codes), converted: true }),
        ...times(lost, { codes: path(codes), converted: false }),
      ]),
    )
    expect(Object.fromEntries(effects)).toEqual({ A: fraction(11n, 21n), B: fraction(4n, 7n), C: fraction(3n, 7n) })
    const conversions = journeys.flatMap(([codes, won]) =>
      times(won, [1000, path(codes).map((code) => [code, 1] as const)] as const),
    )
    const lost = journeys.flatMap(([codes, _, count]) => times(count, path(codes)))
    expect(pooled({ model: 'MARKOV' }, conversions, lost)).toEqual({ A: 2406n, B: 2625n, C: 1969n })
  })

  test('W9: four months with holdback and clawbacks', () => {
    const terms = { holdback: { ppm: 100_000n, periods: 2 }, minimumPayout: 5000n, tax: {} }
    const months = [
      [4200n, 0n],
      [6000n, -1500n],
      [1000n, -9000n],
      [20_000n, 0n],
    ] as const
    let [opening, heldBefore] = [0n, 0n]
    const held: bigint[] = []
    const settled = months.map(([earned, clawbacks], month) => {
      const amounts = settleAmounts(terms, { opening, heldBefore, earned, clawbacks, released: held[month - 2] ?? 0n })
      held.push(amounts.holdback)
      opening = amounts.closing
      heldBefore = amounts.held
      return amounts
    })
    expect(settled.map(({ payout }) => payout)).toEqual([0n, 7680n, 0n, 10_920n])
    expect(settled.map(({ closing }) => closing)).toEqual([3780n, 0n, -7680n, 0n])
    expect(heldBefore).toBe(2100n)
  })

  test('W10: tax on what is paid', () => {
    const tax = { vatPpm: 200_000n, withholdingPpm: 100_000n }
    const terms = { holdback: { ppm: 0n, periods: 0 }, minimumPayout: 0n, tax }
    const paid = { opening: 0n, heldBefore: 0n, earned: 54_716n, clawbacks: 0n, released: 0n }
    expect(settleAmounts(terms, paid)).toMatchObject({ vat: 10_943n, withholding: 5471n, transfer: 60_188n })
  })

  test('W12: what is left over goes to the largest remainder', () => {
    const weights = [333_333n, 333_333n, 333_334n].map((weight, place) => {
      return { key: [`${place}`], weight: fraction(weight) }
    })
    expect(apportion(1000n, weights)).toEqual([333n, 333n, 334n])
  })
})
