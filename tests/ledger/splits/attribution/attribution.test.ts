import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExactLine, shareOverLines } from '../../../../kernel/allocation.ts'
import { add, multiply, type Rational, rational, reduce } from '../../../../kernel/rational.ts'
import { type Journeys, removalEffects } from '../../../../ledger/splits/attribution/markov.ts'
import { nthRoot } from '../../../../ledger/splits/attribution/nth-root.ts'
import { shapleyOfGame } from '../../../../ledger/splits/attribution/shapley.ts'
import { shareConversion, sharesOfWeights } from '../../../../ledger/splits/attribution/shares.ts'
import { type PathModel, touchWeights } from '../../../../ledger/splits/attribution/touch-weights.ts'
import { gatherPools } from '../../../../ledger/splits/gather-pools.ts'
import { pooledConversion } from '../../../../ledger/splits/pooled-conversion.ts'
import { conversion, pool } from '../cases.ts'
import { JUDGING } from '../facts.ts'

const PARTNERS = ['a', 'b', 'c', 'd', 'e'] as const
const MODELS: readonly PathModel[] = [
  { model: 'FIRST' },
  { model: 'LAST' },
  { model: 'LINEAR' },
  { model: 'POSITION' },
  { model: 'TIME_DECAY', halfLifeDays: 7 },
]

describe('a conversion shared among its touches', () => {
  const w5 = [
    { partner: 'a', key: 'a', ageDays: 20 },
    { partner: 'b', key: 'b', ageDays: 9 },
    { partner: 'c', key: 'c', ageDays: 3 },
    { partner: 'd', key: 'd', ageDays: 0 },
  ]

  it.each([
    [{ model: 'FIRST' }, [1000n, 0n, 0n, 0n]],
    [{ model: 'LAST' }, [0n, 0n, 0n, 1000n]],
    [{ model: 'LINEAR' }, [250n, 250n, 250n, 250n]],
    [{ model: 'POSITION' }, [400n, 100n, 100n, 400n]],
    [{ model: 'TIME_DECAY', halfLifeDays: 7 }, [60n, 179n, 324n, 437n]],
  ] as const)('gives W5 by %j', (model, expected) => {
    const exact = shareConversion(model, { pool: rational(1000n), touches: w5 })
    const shares = sharePool(new Map(w5.map(({ key }, place) => [key, [{ key, exact: exact[place] ?? rational(0n) }]])))
    expect(w5.map(({ key }) => shares.get(key)?.total)).toEqual(expected)
  })

  it('is one touch’s alone, and two share it evenly by position', () => {
    expect(touchWeights({ model: 'POSITION' }, [5])).toEqual([1n])
    expect(touchWeights({ model: 'POSITION' }, [5, 1])).toEqual([1n, 1n])
  })

  it('is the last touch’s where all are older than 32 half-lives', () => {
    expect(touchWeights({ model: 'TIME_DECAY', halfLifeDays: 1 }, [40, 33])).toEqual([0n, 1n])
    expect(touchWeights({ model: 'TIME_DECAY', halfLifeDays: 1 }, [33, 32])).toEqual([0n, 1n])
  })

  it('sums to its pool by every path model', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 12 }),
        (model, minor, ages) => {
          const touches = ages.map((ageDays, place) => ({ partner: 'a', key: String(place), ageDays }))
          const parts = shareConversion(model, { pool: rational(minor), touches })
          expect(reduce(parts.reduce(add, rational(0n)))).toEqual(reduce(rational(minor)))
        },
      ),
    )
  })

  it('weighs by whole roots that no neighbour would fit better', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n }), fc.bigInt({ min: 1n, max: 40n }), (value, n) => {
        const root = nthRoot(value, n)
        expect(root ** n <= value && (root + 1n) ** n > value).toBe(true)
      }),
    )
  })
})

describe('a pool shared among partners', () => {
  it('sums to the pool, and each partner’s lines to its part, in any order', () => {
    const amounts = fc.array(fc.bigInt({ min: -1000n, max: 5000n }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 5 }), (partners) => {
        const lines = partners.map((own, partner) => {
          const exact = own.map((minor, line) => ({ key: String(line), exact: rational(minor, 7n) }))
          return [PARTNERS[partner] ?? '', exact] as const
        })
        const shares = sharePool(new Map(lines))
        const pool = [...shares.values()].reduce((sum, { total }) => sum + total, 0n)
        expect(pool).toBe(roundedSevenths(partners.flat().reduce((sum, minor) => sum + minor, 0n)))
        for (const { total, amounts: parts } of shares.values()) {
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total)
        }
        const reversed = sharePool(new Map(lines.toReversed()))
        for (const [key, { total }] of shares) expect(reversed.get(key)?.total).toBe(total)
      }),
    )
  })
})

describe('a Markov chain', () => {
  const w8: readonly Journeys[] = [
    { touches: ['a', 'b'], conversions: 3, withoutConversion: 7 },
    { touches: ['a'], conversions: 1, withoutConversion: 4 },
    { touches: ['b', 'c'], conversions: 2, withoutConversion: 3 },
    { touches: ['c'], conversions: 1, withoutConversion: 9 },
  ]

  it('gives W8', () => {
    const effects = removalEffects(w8)
    expect(['a', 'b', 'c'].map((partner) => effects.get(partner))).toEqual([
      rational(11n, 21n),
      rational(4n, 7n),
      rational(3n, 7n),
    ])
    expect([...sharePeriodPool(7000n, effects).values()]).toEqual([2406n, 2625n, 1969n])
  })

  it('has no effects without a conversion', () => {
    expect(removalEffects([{ touches: ['a'], conversions: 0, withoutConversion: 5 }])).toEqual(new Map())
    expect(sharePeriodPool(7000n, new Map())).toEqual(new Map())
  })

  it('agrees with a walk over the chain, step by step', () => {
    const journey = fc.record({
      touches: fc.array(fc.constantFrom(...PARTNERS), { minLength: 1, maxLength: 5 }),
      conversions: fc.nat({ max: 5 }),
      withoutConversion: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(journey, { minLength: 1, maxLength: 6 }), (journeys) => {
        const effects = removalEffects(journeys)
        const whole = walkedProbability(journeys, undefined)
        for (const [partner, effect] of effects) {
          const naive = 1 - walkedProbability(journeys, partner) / whole
          expect(Number(effect.numerator) / Number(effect.denominator)).toBeCloseTo(naive, 6)
        }
        expect(effects.size === 0).toBe(whole === 0)
      }),
    )
  })
})

describe('Shapley values', () => {
  it('gives W6', () => {
    const values = shapleyOfSets([
      { members: ['a'], value: 1200n },
      { members: ['b'], value: 500n },
      { members: ['a', 'b'], value: 900n },
      { members: ['a', 'c'], value: 700n },
      { members: ['a', 'b', 'c'], value: 1001n },
    ])
    expect(['a', 'b', 'c'].map((partner) => values.get(partner))).toEqual(
      [14002n, 7702n, 4102n].map((sixths) => reduce(rational(sixths, 6n))),
    )
    expect([...sharePeriodPool(4301n, values).values()]).toEqual([2334n, 1284n, 683n])
  })

  it('gives W7', () => {
    const worth = [0n, 40n, 30n, 90n, 10n, 60n, 50n, 120n]
    const values = shapleyOfGame(3, (coalition) => worth[coalition] ?? 0n)
    const shares = sharePeriodPool(10_000n, new Map(values.map((value, place) => [PARTNERS[place] ?? '', value])))
    expect([...shares.values()]).toEqual([4583n, 3750n, 1667n])
  })

  const games = fc
    .integer({ min: 1, max: 5 })
    .chain((players) =>
      fc.tuple(
        fc.constant(players),
        fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 2 ** players, maxLength: 2 ** players }),
      ),
    )

  it('agrees with the mean over all orders, and gives away what all together are worth', () => {
    fc.assert(
      fc.property(games, ([players, worths]) => {
        const worth = (coalition: number): bigint => (coalition === 0 ? 0n : (worths[coalition] ?? 0n))
        const values = shapleyOfGame(players, worth)
        expect(values).toEqual(meanOverOrders(players, worth))
        expect(reduce(values.reduce(add, rational(0n)))).toEqual(reduce(rational(worth(2 ** players - 1))))
      }),
    )
  })

  it('gives nothing to a player who adds nothing, and the same to players who add the same', () => {
    fc.assert(
      fc.property(games, ([players, worths]) => {
        // two more players: the first adds nothing, the second adds what player 0 adds
        const twin = players + 1
        const worth = (coalition: number): bigint => {
          const known = coalition & (2 ** players - 1)
          const first = (known & 1) + ((coalition >> twin) & 1)
          return (worths[known & ~1] ?? 0n) + BigInt(first) * 13n
        }
        const values = shapleyOfGame(players + 2, worth)
        expect(values[players]).toEqual(rational(0n, 1n))
        expect(values[twin]).toEqual(values[0])
      }),
    )
  })

  it('of sets are those of the game in which a coalition has the sets that it holds', () => {
    const set = fc.record({
      members: fc.uniqueArray(fc.constantFrom(...PARTNERS), { minLength: 1, maxLength: 5 }),
      value: fc.bigInt({ min: 0n, max: 10_000n }),
    })
    fc.assert(
      fc.property(fc.array(set, { maxLength: 8 }), (sets) => {
        const game = shapleyOfGame(PARTNERS.length, (coalition) => worthOf(sets, coalition))
        const values = shapleyOfSets(sets)
        expect(PARTNERS.map((partner) => values.get(partner) ?? rational(0n))).toEqual(game)
      }),
    )
  })
})

/** What partners get of the pool that their lines sum to, and how each one's part is shared over its own. */
function sharePool(lines: ReadonlyMap<string, readonly ExactLine[]>) {
  const [rule, pools] = [pool(), gatherPools()]
  for (const [code, own] of lines) {
    for (const { exact: gross } of own) pools.add({ rule, holder: code, code, gross, claimed: true })
  }
  const totals = [...(pools.decide().get(rule) ?? [])]
  return new Map(
    totals.map(([code, total]) => [code, { total, amounts: shareOverLines(total, lines.get(code) ?? []) }] as const),
  )
}

/** What partners get of a period's pool by their weights. */
function sharePeriodPool(whole: bigint, weights: ReadonlyMap<string, Rational>): ReadonlyMap<string, bigint> {
  const lines = [...sharesOfWeights(weights)].map(
    ([key, part]) => [key, [{ key, exact: multiply(part, rational(whole)) }]] as const,
  )
  return new Map([...sharePool(new Map(lines))].map(([key, { total }]) => [key, total]))
}

/** What the conversions of one set of partners were worth. */
type SetValue = { readonly members: readonly string[]; readonly value: bigint }

/** What each partner earns of conversions whose paths were touched by the members of these sets. */
function shapleyOfSets(sets: readonly SetValue[]): ReadonlyMap<string, Rational> {
  const rule = pool({ attribution: { model: 'SHAPLEY' } })
  const values = new Map<string, Rational>()
  for (const [place, { members, value }] of sets.entries()) {
    const fact = conversion(`c-${place}`, value, members)
    for (const partner of members) {
      const earned = pooledConversion.earn(rule, fact, { ...JUDGING, partner })
      values.set(partner, reduce(add(values.get(partner) ?? rational(0n), earned)))
    }
  }
  return values
}

function roundedSevenths(sevenths: bigint): bigint {
  const magnitude = sevenths < 0n ? -sevenths : sevenths
  const rounded = (magnitude * 2n + 7n) / 14n
  return sevenths < 0n ? -rounded : rounded
}

/** P(conversion) by spreading the mass of the start over the transitions until hardly any is left. */
function walkedProbability(journeys: readonly Journeys[], removed: string | undefined): number {
  const counts = new Map<string, Map<string, number>>()
  const count = (from: string, to: string, times: number): void => {
    const row = counts.get(from) ?? new Map<string, number>()
    counts.set(from, row.set(to, (row.get(to) ?? 0) + times))
  }
  for (const { touches, conversions, withoutConversion } of journeys) {
    const states = ['(start)', ...touches]
    for (const [place, to] of touches.entries()) count(states[place] ?? '', to, conversions + withoutConversion)
    count(states.at(-1) ?? '', '(converted)', conversions)
    count(states.at(-1) ?? '', '(lost)', withoutConversion)
  }
  let mass = new Map([['(start)', 1]])
  let converted = 0
  for (let step = 0; step < 3000 && mass.size > 0; step++) {
    const next = new Map<string, number>()
    for (const [state, weight] of mass) {
      const row = counts.get(state) ?? new Map<string, number>()
      const all = [...row.values()].reduce((sum, times) => sum + times, 0)
      for (const [to, times] of row) {
        const moved = (weight * times) / all
        if (to === '(converted)') converted += moved
        else if (to !== '(lost)' && to !== removed && moved > 1e-14) next.set(to, (next.get(to) ?? 0) + moved)
      }
    }
    mass = next
  }
  return converted
}

function meanOverOrders(players: number, worth: (coalition: number) => bigint): readonly Rational[] {
  const sums = Array.from({ length: players }, () => 0n)
  const orders = ordersOf(Array.from({ length: players }, (_, player) => player))
  for (const order of orders) {
    let coalition = 0
    for (const player of order) {
      const joined = coalition | (1 << player)
      sums[player] = (sums[player] ?? 0n) + worth(joined) - worth(coalition)
      coalition = joined
    }
  }
  return sums.map((sum) => reduce(rational(sum, BigInt(orders.length))))
}

function ordersOf(players: readonly number[]): readonly (readonly number[])[] {
  if (players.length === 0) return [[]]
  return players.flatMap((first) =>
    ordersOf(players.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  )
}

function worthOf(sets: readonly SetValue[], coalition: number): bigint {
  const holds = (member: string): boolean => ((coalition >> (PARTNERS as readonly string[]).indexOf(member)) & 1) === 1
  return sets.filter(({ members }) => members.every(holds)).reduce((sum, { value }) => sum + value, 0n)
}
