import { chooseHolder } from '../../ledger/points/choose-holder.ts'
import { defineReward } from '../../ledger/points/define-reward.ts'
import { listPoints } from '../../ledger/points/list-points.ts'
import { listRewards } from '../../ledger/points/list-rewards.ts'
import { pointsBalance } from '../../ledger/points/points-balance.ts'
import { reversePoints } from '../../ledger/points/reverse-points.ts'
import { builder, type GraphName } from '../builder.ts'
import { rewardStatusType } from './enums.ts'
import { pageArgs, pageIn } from './pages.ts'
import { type Payload, payloadOf, payloadType, userErrorType } from './payloads.ts'
import { pointsBalanceType, pointsMoveConnection, pointsMoveType, rewardConnection, rewardType } from './points-type.ts'

const subGraphs: GraphName[] = ['operations']

const supplyInput = builder.inputType('RewardSupplyInput', {
  description: 'The partner who supplies a reward.',
  subGraphs,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    asset: t.string({ required: true, description: 'What it is paid in, e.g. CNY/2.' }),
    minor: t.string({ required: true, description: 'What it is owed for each, in whole minor units.' }),
  }),
})

const defineRewardInput = builder.inputType('DefineRewardInput', {
  description: 'What a reward takes and gives from now on.',
  subGraphs,
  fields: (t) => ({
    code: t.string({ required: true, description: '1 to 40 of a-z, 0-9 and -; it names the reward for good.' }),
    nameEn: t.string({ required: true, description: 'Its name in English.' }),
    nameZh: t.string({ required: true, description: 'Its name in Chinese.' }),
    points: t.string({ required: true, description: 'Points that it takes, a whole number of at least 1.' }),
    supply: t.field({ type: supplyInput, description: 'Who supplies it; the house when absent.' }),
    status: t.field({ type: rewardStatusType, description: 'ACTIVE when absent.' }),
  }),
})

const reverseInput = builder.inputType('ReversePointsInput', {
  description: 'The referral whose points are taken back.',
  subGraphs,
  fields: (t) => ({
    contribution: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; who had the points reads it.' }),
  }),
})

const defineRewardPayload = payloadType('DefineRewardPayload', { field: 'reward', type: rewardType, subGraphs })

type Moves = Awaited<ReturnType<typeof reversePoints>>
const reversePayload = builder.objectRef<Payload<Moves>>('ReversePointsPayload').implement({
  description: 'What ReversePoints did.',
  subGraphs,
  fields: (t) => ({
    moves: t.field({
      type: [pointsMoveType],
      description: 'What was taken back now; empty when it was before, or nothing was left of it.',
      resolve: ({ value }) => value ?? [],
    }),
    userErrors: t.field({
      type: [userErrorType],
      description: 'Why nothing was done; empty when it was.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
})

const holderArgs = builder.args((t) => ({
  accountKey: t.string({ description: 'The broker’s key of a customer. Either this or partner is required.' }),
  partner: t.string({ description: 'Code or id of a partner.' }),
}))

builder.queryFields((t) => ({
  pointsBalanceOf: t.field({
    type: pointsBalanceType,
    description: 'The points of a customer or a partner. Role finance or compliance.',
    subGraphs,
    authScopes: { recordReader: true },
    args: holderArgs,
    resolve: (_, args, { context }) => pointsBalance(context, chooseHolder(args)),
  }),
  pointsOf: t.field({
    type: pointsMoveConnection,
    description: 'What became of the points of a customer or a partner, the last first. Role finance or compliance.',
    subGraphs,
    authScopes: { recordReader: true },
    args: { ...holderArgs, ...pageArgs },
    resolve: (_, args, { context }) => listPoints(context, chooseHolder(args), pageIn(args)),
  }),
  allRewards: t.field({
    type: rewardConnection,
    description: 'All rewards as they stand, by code; those that are not given now too.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: pageArgs,
    resolve: (_, args, { context }) => listRewards(context, { availableOnly: false, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  defineReward: t.field({
    type: defineRewardPayload,
    description: 'Says what a reward takes and gives from now on. Role partner-manager.',
    subGraphs,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: defineRewardInput, required: true, description: 'The reward.' }) },
    resolve: (_, { input: { supply, status, ...reward } }, { context }) =>
      payloadOf(() =>
        defineReward(context, { ...reward, supply: supply && { ...supply }, ...(status ? { status } : {}) }),
      ),
  }),
  reversePoints: t.field({
    type: reversePayload,
    description:
      'Takes back all points that a referral earned; what was used already is owed, and the balance goes below zero. ' +
      'What was taken back before is left as it is. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: reverseInput, required: true, description: 'Which referral, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => reversePoints(context, { ...input })),
  }),
}))
