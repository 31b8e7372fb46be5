import { expect, test } from 'vitest'
import { openDatabase } from '../../../database/client.ts'
import { expirePoints } from '../../../ledger/points/expire-points.ts'
import { contextOver } from '../../support/database.ts'
import { holderOf, pointsJournal, pointsOf, redeem, rewardFor, within } from './scene.ts'
import { ENDS_AT } from './times.ts'

test('what is left of a lot expires at its end, and its money is kept', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 7, 3)
    await redeem(world, anna, await rewardFor(world, 5))
    world.clock.set(new Date(Date.parse(ENDS_AT) - 1))
    expect(await expirePoints(world.context)).toEqual({ accounts: 0, lots: 0, points: 0n })
    world.clock.set('2026-06-01T00:00:00Z')
    expect(await expirePoints(world.context)).toEqual({ accounts: 1, lots: 2, points: 5n })
    expect(await expirePoints(world.context)).toEqual({ accounts: 0, lots: 0, points: 0n })
    expect(await pointsOf(world, anna)).toBe(0n)
    // worth 4 and 2; of the first, floor(4 · 5/7) went to the customer
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 6',
      'Income:PointsBreakage CNY/2 -4',
      'Liabilities:CustomerCash:… CNY/2 -2',
    ])
    const dates = await world.owner`select e.at from journal_entries e where e.description like 'Points expired%'`
    expect(dates.map(({ at }) => at)).toEqual([new Date(ENDS_AT), new Date(ENDS_AT)])
  })
})

test('several sweeps at once let each lot go once', async () => {
  await within(async (world) => {
    const people = [await holderOf(world, 10, 20), await holderOf(world, 30), await holderOf(world, 40, 50, 60)]
    world.clock.set(ENDS_AT)
    const database = openDatabase(world.address, 'tributary:tests:sweep', 4)
    const swept = await Promise.all([
      ...[world.context, contextOver(database, world.clock), world.context].map(expirePoints),
    ]).finally(() => database.close())
    expect(swept.reduce((all, { points }) => all + points, 0n)).toBe(210n)
    for (const person of people) expect(await pointsOf(world, person)).toBe(0n)
    expect(await world.owner`select from points_moves where kind = 'EXPIRED'`).toHaveLength(6)
  })
})
