import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, newId } from '../../../kernel/ids.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { awardPoints } from '../../../ledger/points/award-points.ts'
import { expirePoints } from '../../../ledger/points/expire-points.ts'
import { pointsProjector } from '../../../ledger/points/project-points.ts'
import { reversePoints } from '../../../ledger/points/reverse-points.ts'
import { createWorld, type TestWorld } from '../../support/database.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import { type Person, people, pointsOf, redeem, rewardFor } from './scene.ts'

const START = Date.parse('2026-02-01T00:00:00Z')
const DAY_MS = 86_400_000

const whose = fc.nat({ max: 1 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('award' as const),
      whose,
      points: fc.bigInt(1n, 1000n),
      money: fc.bigInt(0n, 1000n),
      asset: fc.constantFrom('CNY/2' as const, 'USD/2' as const),
      days: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('redeem' as const), whose, points: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), which: fc.nat({ max: 9 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never

/** Points one by one: each knows its lot, and when it ends. */
type Coin = { readonly lot: Id<'ctr'>; readonly endsAt: number }
/** What a person has, the oldest first, what it owes, and of which lots how many points were ever spendable. */
type Purse = { coins: Coin[]; owed: number; readonly got: Map<Id<'ctr'>, number> }

test('whatever is done: points are where they should be, and money is set aside for those that are there alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async (steps) => {
      const world = await createWorld()
      try {
        const persons = await people(world, 2)
        const purses: readonly Purse[] = persons.map(() => ({ coins: [], owed: 0, got: new Map() }))
        let now = START
        for (const [index, one] of steps.entries()) {
          if (one.do === 'wait') now += one.days * DAY_MS
          world.clock.set(new Date(now + index))
          for (const purse of purses) lapse(purse, now + index)
          await happen(world, { persons, purses, now: now + index }, one)
          await checkAll(world, persons, purses)
        }
        world.clock.set(new Date(now + 100 * DAY_MS))
        await expirePoints(world.context)
        expect(await sumOf(world, 'Liabilities:Points')).toEqual([])
        const records = await recordsOf(world.context, world.owner, [pointsProjector])
        expect(await projectIntoCopies(world.context, [pointsProjector], [records.toReversed(), []])).toEqual({
          differences: [],
          waiting: [],
        })
      } finally {
        await world.close()
      }
    }),
    { numRuns: 6 },
  )
}, 240_000)

type Scene = { readonly persons: readonly Person[]; readonly purses: readonly Purse[]; readonly now: number }

async function happen(world: TestWorld, { persons, purses, now }: Scene, one: Step): Promise<void> {
  switch (one.do) {
    case 'wait':
      return
    case 'award': {
      const contribution = newId('ctr')
      const { points, money, asset } = one
      const earned = { programme: newId('prg'), agreement: newId('agr'), terms: newId('trm'), place: 0, contribution }
      const holder = { customer: at(persons, one.whose).id }
      const award = { ...earned, holder, points, money, asset, beneficiary: 'REFERRER' as const }
      const given = { awards: [{ ...award, at: new Date(now), expiresAfterDays: one.days }] }
      await world.context.database.transaction((tx) => awardPoints(world.context, tx, given))
      await world.context.database.transaction((tx) => awardPoints(world.context, tx, given))
      gain(at(purses, one.whose), contribution, { count: Number(points), endsAt: now + one.days * DAY_MS })
      return
    }
    case 'redeem': {
      const purse = at(purses, one.whose)
      const enough = purse.coins.length - purse.owed >= one.points
      const reward = await rewardFor(world, one.points)
      const outcome = await redeem(world, at(persons, one.whose), reward).then(
        () => 'redeemed',
        (error: unknown) => (error instanceof Fault ? error.code : Promise.reject(error)),
      )
      expect(outcome).toBe(enough ? 'redeemed' : 'INSUFFICIENT_POINTS')
      if (enough) purse.coins.splice(0, one.points)
      return
    }
    case 'expire':
      await expirePoints(world.context)
      return
    case 'reverse': {
      const lots = purses.flatMap((purse) => [...purse.got.keys()].map((lot) => ({ purse, lot })))
      const chosen = lots[one.which]
      if (chosen === undefined) return
      await reversePoints(world.context, { contribution: chosen.lot, reason: 'r' })
      takeBack(chosen.purse, chosen.lot)
    }
  }
}

function gain(
  purse: Purse,
  lot: Id<'ctr'>,
  { count, endsAt }: { readonly count: number; readonly endsAt: number },
): void {
  purse.got.set(lot, count)
  for (let coin = 0; coin < count; coin++) {
    if (purse.owed > 0) purse.owed -= 1
    else purse.coins.push({ lot, endsAt })
  }
}

function lapse(purse: Purse, now: number): void {
  for (const { lot, endsAt } of purse.coins) {
    if (endsAt <= now) purse.got.set(lot, (purse.got.get(lot) ?? 0) - 1)
  }
  purse.coins = purse.coins.filter(({ endsAt }) => endsAt > now)
}

function takeBack(purse: Purse, lot: Id<'ctr'>): void {
  for (let count = purse.got.get(lot) ?? 0; count > 0; count--) {
    const own = purse.coins.findIndex((coin) => coin.lot === lot)
    if (purse.coins.length === 0) purse.owed += 1
    else purse.coins.splice(Math.max(own, 0), 1)
  }
  purse.got.set(lot, 0)
}

async function checkAll(world: TestWorld, persons: readonly Person[], purses: readonly Purse[]): Promise<void> {
  for (const [place, { coins, owed }] of purses.entries()) {
    expect(await pointsOf(world, at(persons, place))).toBe(BigInt(coins.length - owed))
  }
  // what lots hold is what is set aside, and what moved is what the journal says
  const set = await world.owner<{ asset: string; minor: string }[]>`
    select l.asset, -sum(l.money - coalesce(t.money, 0)) as minor from points_lots l
    left join (select p.lot_id, sum(p.money) as money from points_parts p group by p.lot_id) t on t.lot_id = l.id
    group by l.asset having sum(l.money - coalesce(t.money, 0)) <> 0 order by l.asset`
  expect(await sumOf(world, 'Liabilities:Points')).toEqual(set.map(({ asset, minor }) => [asset, BigInt(minor)]))
  const [moved] = await world.owner<{ points: string }[]>`select coalesce(sum(points), 0) as points from points_moves`
  const issued = (await sumOf(world, 'Points:Issued'))[0]?.[1] ?? 0n
  expect(issued).toBe(BigInt(moved?.points ?? 0))
  const holders = (await balances(world.context, { prefix: 'Points:Customer' })).map(({ minor }) => minor)
  expect(holders.reduce((all, minor) => all + minor, issued)).toBe(0n)
}

async function sumOf({ context }: TestWorld, account: string): Promise<readonly (readonly [string, bigint])[]> {
  const found = await balances(context, { prefix: account })
  return found.map(({ asset, minor }) => [asset, minor] as const)
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index]
  if (one === undefined) throw new Error(`there is none at ${index}`)
  return one
}
