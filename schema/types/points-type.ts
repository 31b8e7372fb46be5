import type { PointsBalance } from '../../ledger/points/points-balance.ts'
import type { PointsHistoryMove } from '../../ledger/points/points-history.ts'
import type { Reward } from '../../ledger/points/reward.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'
import { pointsMoveKindType, rewardStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = [...GRAPHS]

/** Who may read points: a customer and a partner’s clients their own, and staff who look after money or the law. */
export const pointsReaders = { $any: { kind: 'customer', recordReader: true } } as const

/** What somebody has in points. */
export const pointsBalanceType = builder.objectRef<PointsBalance>('PointsBalance').implement({
  description: 'What somebody has in points.',
  subGraphs,
  authScopes: pointsReaders,
  fields: (t) => ({
    points: t.string({
      description: 'Points that can be used now, a whole number; below zero where more was taken back than there was.',
      resolve: ({ points }) => `${points}`,
    }),
    nextExpiryPoints: t.string({
      nullable: true,
      description: 'How many of them end first.',
      resolve: ({ nextExpiry }) => nextExpiry && `${nextExpiry.points}`,
    }),
    nextExpiryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From when on those cannot be used.',
      resolve: ({ nextExpiry }) => nextExpiry?.at,
    }),
  }),
})

const takenRewardType = builder.objectRef<NonNullable<PointsHistoryMove['reward']>>('TakenReward').implement({
  description: 'What points were given for.',
  subGraphs,
  authScopes: pointsReaders,
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its code.' }),
    nameEn: t.exposeString('nameEn', { description: 'Its name then, in English.' }),
    nameZh: t.exposeString('nameZh', { description: 'Its name then, in Chinese.' }),
  }),
})

/** Something that changed a balance of points. */
export const pointsMoveType = builder.objectRef<PointsHistoryMove>('PointsMove').implement({
  description: 'Something that changed a balance of points.',
  subGraphs,
  authScopes: pointsReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.expose('kind', { type: pointsMoveKindType, description: 'What it was.' }),
    points: t.string({
      description: 'What the balance changed by, a whole number.',
      resolve: ({ points }) => `${points}`,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Of points that were earned: from when on they cannot be used.',
    }),
    reward: t.expose('reward', {
      type: takenRewardType,
      nullable: true,
      description: 'Of points that were redeemed: for what.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Of points that were taken back: why.' }),
    record: t.exposeID('record', { description: 'Its record in the log.' }),
  }),
})

/** What points are given for. */
export const rewardType = builder.objectRef<Reward>('Reward').implement({
  description: 'What points are given for.',
  subGraphs: ['customer', 'operations'],
  authScopes: { customerOrStaff: true },
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its code, which never changes.' }),
    nameEn: t.exposeString('nameEn', { description: 'Its name in English.' }),
    nameZh: t.exposeString('nameZh', { description: 'Its name in Chinese.' }),
    points: t.string({ description: 'Points that it takes, a whole number.', resolve: ({ points }) => `${points}` }),
    version: t.exposeInt('version', { subGraphs: ['operations'], description: 'Which version it is, from 1.' }),
    status: t.expose('status', {
      type: rewardStatusType,
      subGraphs: ['operations'],
      description: 'Whether it is offered.',
    }),
    available: t.exposeBoolean('available', {
      subGraphs: ['operations'],
      description: 'Whether it is given now: active, and of a supplier who may earn.',
    }),
    supplier: t.field({
      type: partnerType,
      nullable: true,
      subGraphs: ['operations'],
      description: 'The partner who supplies it; the house without one.',
      resolve: ({ supply }, _, graph) => (supply === undefined ? null : partnerNamed(graph, supply.partner)),
    }),
    price: t.field({
      type: moneyType,
      nullable: true,
      subGraphs: ['operations'],
      description: 'What the supplier is owed for each.',
      resolve: ({ supply }) => supply?.price,
    }),
  }),
})

/** Pages of moves. */
export const pointsMoveConnection = connectionOf(pointsMoveType, subGraphs)
/** Pages of rewards. */
export const rewardConnection = connectionOf(rewardType, ['customer', 'operations'])
