import { expect, test } from 'vitest'
import { listPoints } from '../../../ledger/points/list-points.ts'
import { reversePoints } from '../../../ledger/points/reverse-points.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { TestWorld } from '../../support/database.ts'
import {
  holderOf,
  type Person,
  POINTS_RULE,
  people,
  pointsJournal,
  pointsOf,
  pointsScene,
  redeem,
  rewardFor,
  within,
} from './scene.ts'
import { ENDS_AT } from './times.ts'

const reverse = ({ context }: TestWorld, contribution: string | undefined) =>
  reversePoints(context, { contribution: contribution ?? '', reason: 'a made-up referral' })

test('points that are still there are taken back, with the money that was set aside', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100, 30)
    expect(await reverse(world, anna.referrals[0])).toMatchObject([
      { kind: 'REVERSED', points: -100n, reason: 'a made-up referral' },
    ])
    expect(await pointsOf(world, anna)).toBe(30n)
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 15',
      'Liabilities:Points CNY/2 -15',
      'Points:Customer:… PTS/0 -30',
      'Points:Issued PTS/0 30',
    ])
    expect(await reverse(world, anna.referrals[0])).toEqual([])
    expect(await pointsOf(world, anna)).toBe(30n)
  })
})

test('of points that were used others are taken, then they are owed, and later points pay it', async () => {
  await within(async (world) => {
    const rules = [
      { ...POINTS_RULE, bonus: [], filter: { campaign: ['a'] } },
      { ...POINTS_RULE, bonus: [], pointsPerReferral: 30, filter: { campaign: ['b'] } },
    ]
    const { programme, refer } = await pointsScene(world, { rules })
    const [anna, f1, f2, f3] = (await people(world, 4)) as [Person, Person, Person, Person]
    const made = await refer(anna, f1, 2, { campaign: 'a' })
    await refer(anna, f2, 3, { campaign: 'b' })
    await closePeriod(world.context, { programme, month: '2026-01' })
    const cup = await rewardFor(world, 80)
    await redeem(world, anna, cup)
    // 20 of its own lot and 30 of the other one are there: 50 are owed
    expect(await reverse(world, made)).toMatchObject([{ points: -100n }])
    expect(await pointsOf(world, anna)).toBe(-50n)
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 40',
      'Liabilities:CustomerCash:… CNY/2 -40',
      'Points:Customer:… PTS/0 50',
      'Points:Issued PTS/0 -50',
    ])
    await expect(redeem(world, anna, await rewardFor(world, 1))).rejects.toMatchObject({ code: 'INSUFFICIENT_POINTS' })
    await refer(anna, f3, 1, { campaign: 'a', occurredAt: '2026-02-02T00:00:00Z' })
    world.clock.set('2026-03-02T00:00:00Z')
    await closePeriod(world.context, { programme, month: '2026-02' })
    expect(await pointsOf(world, anna)).toBe(50n)
    // of the new lot's 50, half pays what was owed and is no expense
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 65',
      'Liabilities:CustomerCash:… CNY/2 -40',
      'Liabilities:Points CNY/2 -25',
      'Points:Customer:… PTS/0 -50',
      'Points:Issued PTS/0 50',
    ])
  })
})

test('points that expired are gone already', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100)
    await redeem(world, anna, await rewardFor(world, 30))
    world.clock.set(ENDS_AT)
    expect(await reverse(world, anna.referrals[0])).toMatchObject([{ points: -30n }])
    expect(await pointsOf(world, anna)).toBe(-30n)
    const { edges } = await listPoints(world.context, { accountKey: anna.accountKey }, { first: 4 })
    expect(edges.map(({ node }) => [node.kind, node.points])).toEqual([
      ['REVERSED', -30n],
      ['EXPIRED', -70n],
      ['REDEEMED', -30n],
      ['EARNED', 100n],
    ])
    const late = await holderOf(world, 10)
    world.clock.set('2026-06-01T00:00:00Z')
    expect(await reverse(world, late.referrals[0])).toEqual([])
    expect(await pointsOf(world, late)).toBe(0n)
  })
})

test('both who got points lose them, and several at once take them back once', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world, { rules: [{ ...POINTS_RULE, beneficiary: 'BOTH' }] })
    const [anna, friend] = (await people(world, 2)) as [Person, Person]
    const made = await refer(anna, friend, 2)
    await closePeriod(world.context, { programme, month: '2026-01' })
    const all = await Promise.all(Array.from({ length: 4 }, () => reverse(world, made)))
    expect(all.map((moves) => moves.length).toSorted()).toEqual([0, 0, 0, 2])
    expect(await pointsJournal(world)).toEqual([])
  })
})

test.each(['ctr_1', `ctr_${'0'.repeat(32)}`])('a contribution that earned no points (%s) is refused', async (id) => {
  await within(async (world) => {
    await expect(reverse(world, id)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'contribution' })
  })
})
