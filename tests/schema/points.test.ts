import { beforeAll, expect, test } from 'vitest'
import type { Caller, CustomerCaller, PartnerCaller, StaffRole } from '../../kernel/caller.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { type Person, POINTS_RULE, people, pointsScene } from '../ledger/points/scene.ts'
import { ENDS_AT, LOCKED_AT } from '../ledger/points/times.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let anna: Person
let stranger: Person
let member: PartnerCaller & { readonly code: string }
let contribution: string

const BALANCE = '{ pointsBalance { points nextExpiryPoints nextExpiryAt } }'
const HISTORY = `query ($first: Int, $after: String) { points(first: $first, after: $after) {
  edges { node { kind points at expiresAt reward { code nameEn nameZh } reason } } pageInfo { hasNextPage endCursor } } }`
const REDEEM = `mutation ($input: RedeemPointsInput!) { redeemPoints(input: $input) {
  move { id kind points reward { code } } userErrors { code field message } } }`
const DEFINE = `mutation ($input: DefineRewardInput!) { defineReward(input: $input) {
  reward { code version points status available supplier { code } price { minor asset } } userErrors { code field } } }`
const REVERSE = `mutation ($input: ReversePointsInput!) { reversePoints(input: $input) {
  moves { kind points reason } userErrors { code field } } }`

const asCustomer = ({ accountKey }: Person, source: string, variables?: Record<string, unknown>): Promise<Answer> => {
  const caller: CustomerCaller = { kind: 'customer', accountKey, requestId: 'r-1' }
  return ask({ schema: customerSchema, context: world.context, caller }, source, variables)
}
const asStaff = (roles: readonly StaffRole[], source: string, variables?: Record<string, unknown>): Promise<Answer> => {
  const caller: Caller = { kind: 'staff', name: 'alice', roles: new Set(roles), requestId: 'r-1' }
  return ask({ schema: operationsSchema, context: world.context, caller }, source, variables)
}
const asPartner = (scopes: PartnerCaller['scopes'], source: string): Promise<Answer> =>
  ask({ schema: partnerSchema, context: world.context, caller: { ...member, scopes } }, source)

beforeAll(async () => {
  world.clock.set(LOCKED_AT)
  const rules = [POINTS_RULE, { ...POINTS_RULE, pointsPerReferral: 7, beneficiary: 'PARTNER' }]
  const scene = await pointsScene(world, { rules })
  const [first, friend, other] = (await people(world, 3)) as [Person, Person, Person]
  anna = first
  stranger = other
  member = scene.member
  contribution = await scene.refer(anna, friend, 5)
  await closePeriod(world.context, { programme: scene.programme, month: '2026-01' })
  const cup = { code: 'cup', nameEn: 'A cup', nameZh: '杯子', points: '40' }
  const supply = { partner: member.code, asset: 'CNY/2', minor: '300' }
  for (const input of [cup, { ...cup, code: 'mug', status: 'RETIRED' }, { ...cup, code: 'tea', supply }]) {
    expect((await asStaff(['partner-manager'], DEFINE, { input })).codes).toEqual([])
  }
})

test('a customer sees the balance, the rewards, redeems, and sees what became of the points', async () => {
  expect((await asCustomer(anna, BALANCE)).data).toEqual({
    pointsBalance: { points: '100', nextExpiryPoints: '100', nextExpiryAt: ENDS_AT },
  })
  expect((await asCustomer(anna, '{ rewards(first: 5) { edges { node { code nameZh points } } } }')).data).toEqual({
    rewards: {
      edges: [
        { node: { code: 'cup', nameZh: '杯子', points: '40' } },
        { node: { code: 'tea', nameZh: '杯子', points: '40' } },
      ],
    },
  })
  const input = { reward: 'cup', points: '40', idempotencyKey: 'k-1' }
  const redeemed = await asCustomer(anna, REDEEM, { input })
  expect(redeemed).toMatchObject({
    codes: [],
    data: { redeemPoints: { move: { kind: 'REDEEMED', points: '-40', reward: { code: 'cup' } }, userErrors: [] } },
  })
  expect(await asCustomer(anna, REDEEM, { input })).toEqual(redeemed)
  const page = (await asCustomer(anna, HISTORY, { first: 1 })).data as {
    readonly points: { readonly pageInfo: { readonly endCursor: string } }
  }
  expect(page).toMatchObject({
    points: {
      edges: [
        { node: { kind: 'REDEEMED', points: '-40', reward: { nameEn: 'A cup', nameZh: '杯子' }, expiresAt: null } },
      ],
      pageInfo: { hasNextPage: true },
    },
  })
  expect((await asCustomer(anna, HISTORY, { first: 1, after: page.points.pageInfo.endCursor })).data).toMatchObject({
    points: {
      edges: [{ node: { kind: 'EARNED', points: '100', at: LOCKED_AT, expiresAt: ENDS_AT, reward: null } }],
      pageInfo: { hasNextPage: false },
    },
  })
})

test('what cannot be redeemed is a user error', async () => {
  const errorsOf = async (change: object) => {
    const input = { reward: 'cup', idempotencyKey: 'k-2', ...change }
    const { data } = await asCustomer(stranger, REDEEM, { input })
    return (data as { redeemPoints: { userErrors: unknown } }).redeemPoints.userErrors
  }
  expect(await errorsOf({})).toMatchObject([{ code: 'INSUFFICIENT_POINTS', field: 'reward' }])
  expect(await errorsOf({ reward: 'mug' })).toMatchObject([{ code: 'WRONG_STATE', field: 'reward' }])
  expect(await errorsOf({ reward: 'x' })).toMatchObject([{ code: 'NOT_FOUND', field: 'reward' }])
  expect(await errorsOf({ points: '39' })).toMatchObject([{ code: 'WRONG_STATE', field: 'points' }])
  expect(await errorsOf({ points: 'many' })).toMatchObject([{ code: 'INVALID_INPUT', field: 'points' }])
})

test('whoever asks sees their own points alone', async () => {
  expect((await asCustomer(stranger, BALANCE)).data).toMatchObject({
    pointsBalance: { points: '0', nextExpiryAt: null },
  })
  expect((await asCustomer({ ...stranger, accountKey: 'nobody' }, BALANCE)).codes).toEqual(['NOT_FOUND'])
  expect((await asPartner(new Set(['statements:read']), BALANCE)).data).toMatchObject({
    pointsBalance: { points: '7' },
  })
  expect((await asPartner(new Set(['contributions:write']), BALANCE)).codes).toEqual(['FORBIDDEN'])
  const redeeming = await asPartner(new Set(['statements:read']), '{ rewards(first: 1) { edges { node { code } } } }')
  expect(redeeming.codes).toEqual([expect.stringContaining('Cannot query field "rewards"')])
})

test('staff sees rewards with their prices, whose points are whose by role, and takes points back', async () => {
  const all = '{ allRewards(first: 5) { edges { node { code status available supplier { code } price { minor } } } } }'
  expect((await asStaff(['finance'], all)).data).toEqual({
    allRewards: {
      edges: [
        { node: { code: 'cup', status: 'ACTIVE', available: true, supplier: null, price: null } },
        { node: { code: 'mug', status: 'RETIRED', available: false, supplier: null, price: null } },
        {
          node: {
            code: 'tea',
            status: 'ACTIVE',
            available: true,
            supplier: { code: member.code },
            price: { minor: '300' },
          },
        },
      ],
    },
  })
  const whose = 'query ($a: String, $p: String) { pointsBalanceOf(accountKey: $a, partner: $p) { points } }'
  expect((await asStaff(['compliance'], whose, { a: anna.accountKey })).data).toEqual({
    pointsBalanceOf: { points: '60' },
  })
  expect((await asStaff(['finance'], whose, { p: member.code })).data).toEqual({ pointsBalanceOf: { points: '7' } })
  expect((await asStaff(['finance'], whose, { p: member.code, a: 'x' })).codes).toEqual(['INVALID_INPUT'])
  expect((await asStaff(['finance'], whose)).codes).toEqual(['INVALID_INPUT'])
  expect((await asStaff(['partner-manager'], whose, { a: anna.accountKey })).codes).toEqual(['FORBIDDEN'])
  const input = { contribution, reason: 'a made-up referral' }
  expect((await asStaff(['partner-manager'], REVERSE, { input })).codes).toEqual(['FORBIDDEN'])
  expect(
    (await asStaff(['finance'], DEFINE, { input: { code: 'x', nameEn: 'x', nameZh: 'x', points: '1' } })).codes,
  ).toEqual(['FORBIDDEN'])
  const taken = await asStaff(['finance'], REVERSE, { input })
  expect(taken.data).toMatchObject({ reversePoints: { userErrors: [] } })
  const { moves } = (taken.data as { reversePoints: { moves: readonly { points: string }[] } }).reversePoints
  expect(moves.map(({ points }) => points).toSorted()).toEqual(['-100', '-7'])
  expect((await asCustomer(anna, BALANCE)).data).toMatchObject({ pointsBalance: { points: '-40' } })
  const of = `{ pointsOf(accountKey: "${anna.accountKey}", first: 1) { edges { node { kind reason } } } }`
  expect((await asStaff(['compliance'], of)).data).toEqual({
    pointsOf: { edges: [{ node: { kind: 'REVERSED', reason: 'a made-up referral' } }] },
  })
})
