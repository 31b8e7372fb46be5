import { expect, test } from 'vitest'
import { balances } from '../../../ledger/journal/balances.ts'
import { defineReward } from '../../../ledger/points/define-reward.ts'
import { listPoints } from '../../../ledger/points/list-points.ts'
import { listRewards } from '../../../ledger/points/list-rewards.ts'
import { pointsBalance } from '../../../ledger/points/points-balance.ts'
import { redeemPoints } from '../../../ledger/points/redeem-points.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { liveMember } from '../settlement/scene.ts'
import {
  holderOf,
  POINTS_RULE,
  people,
  pointsJournal,
  pointsOf,
  pointsScene,
  redeem,
  rewardFor,
  within,
} from './scene.ts'
import { ENDS_AT, LOCKED_AT } from './times.ts'

test('points come out of the oldest lots, and their money, rounded down, goes to the customer', async () => {
  await within(async (world) => {
    // worth 2, 4 and 2
    const anna = await holderOf(world, 5, 7, 3)
    expect(await redeem(world, anna, await rewardFor(world, 9))).toMatchObject({
      kind: 'REDEEMED',
      points: -9n,
      at: new Date(LOCKED_AT),
      reward: { nameEn: 'A cup', nameZh: '杯子' },
    })
    expect(await pointsOf(world, anna)).toBe(6n)
    // all of 5, and 4 of 7: 2 + floor(4 · 4/7)
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 8',
      'Liabilities:CustomerCash:… CNY/2 -4',
      'Liabilities:Points CNY/2 -4',
      'Points:Customer:… PTS/0 -6',
      'Points:Issued PTS/0 6',
    ])
    await redeem(world, anna, await rewardFor(world, 6))
    expect(await pointsJournal(world)).toEqual(['Expenses:Points CNY/2 8', 'Liabilities:CustomerCash:… CNY/2 -8'])
  })
})

test('a reward that a partner supplies is owed to that partner at its price', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 1000)
    const { code: partner } = await liveMember(world.context, [])
    const supply = { partner, asset: 'CNY/2', minor: 320 }
    await redeem(world, anna, await rewardFor(world, 600, { supply }))
    // of 500 set aside for 1000 points, 300 were for these
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 520',
      'Liabilities:Points CNY/2 -200',
      'Points:Customer:… PTS/0 -400',
      'Points:Issued PTS/0 400',
    ])
    expect(await balances(world.context, { prefix: `Partner:Payable:${partner}` })).toMatchObject([{ minor: -320n }])
    await changePartnerStatus(world.context, { partner, status: 'SUSPENDED', reason: 'an audit' })
    const cheap = await rewardFor(world, 1, { supply })
    await expect(redeem(world, anna, cheap)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'reward' })
    const page = { first: 10 }
    expect((await listRewards(world.context, { availableOnly: true, page })).edges).toEqual([])
    expect((await listRewards(world.context, { availableOnly: false, page })).edges).toHaveLength(2)
  })
})

test('what cannot be redeemed is refused, and nothing changes', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100)
    const [nobody] = await people(world, 1)
    const dear = await rewardFor(world, 101)
    const cheap = await rewardFor(world, 100)
    const refusals = [
      [() => redeem(world, anna, dear), 'INSUFFICIENT_POINTS'],
      [() => redeem(world, nobody, cheap), 'INSUFFICIENT_POINTS'],
      [() => redeem(world, anna, 'no-such-reward'), 'NOT_FOUND'],
      [() => redeem(world, { ...anna, accountKey: 'no-such-account' }, cheap), 'NOT_FOUND'],
      [() => redeem(world, { ...anna, accountKey: 'nul\u0000' }, cheap), 'NOT_FOUND'],
      [() => redeem(world, anna, cheap, ''), 'INVALID_INPUT'],
      [
        () =>
          redeemPoints(world.context, {
            ...{ whose: { accountKey: anna.accountKey }, reward: cheap, points: 99, idempotencyKey: 'k' },
          }),
        'WRONG_STATE',
      ],
    ] as const
    for (const [work, code] of refusals) await expect(work()).rejects.toMatchObject({ code })
    await defineReward(world.context, { code: cheap, nameEn: 'A cup', nameZh: '杯子', points: 1, status: 'RETIRED' })
    await expect(redeem(world, anna, cheap)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await pointsOf(world, anna)).toBe(100n)
    expect(await world.owner`select from points_parts`).toHaveLength(0)
  })
})

test('the same key again has one effect and one answer; with another reward it is refused', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100)
    const cup = await rewardFor(world, 40)
    const answers = await Promise.all(Array.from({ length: 6 }, () => redeem(world, anna, cup, 'k')))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(await pointsOf(world, anna)).toBe(60n)
    await defineReward(world.context, { code: cup, nameEn: 'A cup', nameZh: '杯子', points: 50 })
    expect(await redeem(world, anna, cup, 'k')).toEqual(answers[0])
    await expect(redeem(world, anna, await rewardFor(world, 1), 'k')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })
})

test('points can be used up to their end, and not at it', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100)
    const cup = await rewardFor(world, 40)
    world.clock.set(new Date(Date.parse(ENDS_AT) - 1))
    await redeem(world, anna, cup)
    world.clock.set(ENDS_AT)
    expect(await pointsOf(world, anna)).toBe(0n)
    await expect(redeem(world, anna, cup)).rejects.toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      message: expect.stringMatching(/takes 40 points, and there are 0$/),
    })
  })
})

test('a partner gives its points, and is owed their money', async () => {
  await within(async (world) => {
    const rules = [{ ...POINTS_RULE, beneficiary: 'PARTNER' }]
    const { programme, refer, member } = await pointsScene(world, { rules })
    const [friend] = await people(world, 1)
    await refer(undefined, friend, 5)
    await closePeriod(world.context, { programme, month: '2026-01' })
    const reward = await rewardFor(world, 60)
    const whose = { partner: member.code }
    await redeemPoints(world.context, { whose, reward, idempotencyKey: 'k' })
    expect((await pointsBalance(world.context, whose)).points).toBe(40n)
    expect(await balances(world.context, { prefix: 'Partner:Payable' })).toEqual([
      { account: `Partner:Payable:${member.code}`, asset: 'CNY/2', minor: -30n },
    ])
  })
})

test('the history tells what became of the points, the last first', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 100, 30)
    world.clock.set('2026-02-10T00:00:00Z')
    await redeem(world, anna, await rewardFor(world, 40))
    const { edges, hasNextPage } = await listPoints(world.context, { accountKey: anna.accountKey }, { first: 2 })
    expect(edges.map(({ node: { kind, points, expiresAt } }) => [kind, points, expiresAt])).toEqual([
      ['REDEEMED', -40n, undefined],
      ['EARNED', 30n, new Date(ENDS_AT)],
    ])
    expect(hasNextPage).toBe(true)
    const rest = await listPoints(world.context, { accountKey: anna.accountKey }, { first: 2, after: edges[1]?.cursor })
    expect(rest.edges.map(({ node }) => node.points)).toEqual([100n])
  })
})
