import { listPoints } from '../../ledger/points/list-points.ts'
import { listRewards } from '../../ledger/points/list-rewards.ts'
import { pointsBalance } from '../../ledger/points/points-balance.ts'
import { redeemPoints } from '../../ledger/points/redeem-points.ts'
import type { WhosePoints } from '../../ledger/points/require-holder.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf, type GraphContext, partnerOf } from '../graph-context.ts'
import { pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'
import {
  pointsBalanceType,
  pointsMoveConnection,
  pointsMoveType,
  pointsReaders,
  rewardConnection,
} from './points-type.ts'

const own: GraphName[] = ['customer', 'partner']
const customers: GraphName[] = ['customer']

const redeemInput = builder.inputType('RedeemPointsInput', {
  description: 'What points are given for.',
  subGraphs: customers,
  fields: (t) => ({
    reward: t.string({ required: true, description: 'Code of the reward.' }),
    points: t.string({ description: 'Points that the customer was told it takes: another number is refused.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect; 1 to 200 characters.' }),
  }),
})

const redeemPayload = payloadType('RedeemPointsPayload', {
  field: 'move',
  type: pointsMoveType,
  subGraphs: customers,
})

builder.queryFields((t) => ({
  pointsBalance: t.field({
    type: pointsBalanceType,
    description: 'The caller’s points. A partner’s client needs the scope statements:read.',
    subGraphs: own,
    authScopes: pointsReaders,
    resolve: (_, __, graph) => pointsBalance(graph.context, callersPoints(graph)),
  }),
  points: t.field({
    type: pointsMoveConnection,
    description: 'What became of the caller’s points, the last first. A partner’s client needs statements:read.',
    subGraphs: own,
    authScopes: pointsReaders,
    args: pageArgs,
    resolve: (_, args, graph) => listPoints(graph.context, callersPoints(graph), pageIn(args)),
  }),
  rewards: t.field({
    type: rewardConnection,
    description: 'What points are given for now, by code.',
    subGraphs: customers,
    authScopes: { kind: 'customer' },
    args: pageArgs,
    resolve: (_, args, { context }) => listRewards(context, { availableOnly: true, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  redeemPoints: t.field({
    type: redeemPayload,
    description: 'Gives points for a reward, of the oldest ones first.',
    subGraphs: customers,
    authScopes: { kind: 'customer' },
    args: { input: t.arg({ type: redeemInput, required: true, description: 'For what.' }) },
    resolve: (_, { input: { points, ...input } }, graph) => {
      const whose = { accountKey: customerOf(graph).accountKey }
      const expected = points === null || points === undefined ? {} : { points }
      return payloadOf(() => redeemPoints(graph.context, { whose, ...input, ...expected }))
    },
  }),
}))

function callersPoints(graph: GraphContext): WhosePoints {
  return graph.caller.kind === 'customer'
    ? { accountKey: graph.caller.accountKey }
    : { partner: partnerOf(graph).partner }
}
