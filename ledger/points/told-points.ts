import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { idText, notUnderstood, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { ProjectedRecord } from '../../records/projector.ts'
import { assetText } from '../agreements/asset-text.ts'
import { minorText } from '../minor-text.ts'
import { REWARD_STATUSES } from './reward.ts'
import type { AccountToKeep } from './store/points-accounts.ts'
import type { MoveToKeep } from './store/points-moves.ts'
import type { RewardToKeep } from './store/rewards.ts'

const openedData = z.object({
  event: z.literal('ACCOUNT_OPENED'),
  account: idText('pta'),
  partner: idText('ptr').optional(),
})

const move = z.object({
  move: idText('ptm'),
  account: idText('pta'),
  points: minorText,
  at: instant,
  parts: z.array(z.object({ lot: idText('ptl'), points: minorText, money: minorText })),
})
const earned = z.object({
  points: minorText,
  asset: assetText,
  money: minorText,
  no: wholeNumber,
  place: wholeNumber,
  earnedAt: instant,
  expiresAt: instant,
  programme: idText('prg'),
  agreement: idText('agr'),
  terms: idText('trm'),
  contribution: idText('ctr'),
  beneficiary: z.enum(['REFERRER', 'REFERRED', 'PARTNER']),
})
const pointsData = z.discriminatedUnion('event', [
  openedData,
  move.extend({ event: z.literal('EARNED'), lot: idText('ptl'), earned }),
  move.extend({ event: z.literal('REDEEMED'), reward: z.object({ code: z.string(), version: wholeNumber }) }),
  move.extend({ event: z.literal('EXPIRED'), lot: idText('ptl') }),
  move.extend({ event: z.literal('REVERSED'), lot: idText('ptl'), reason: z.string() }),
])
type PointsData = z.output<typeof pointsData>
type MoveData = Exclude<PointsData, { readonly event: 'ACCOUNT_OPENED' }>

/** What a record of points tells: an account that was opened, or a move. */
export type ToldPoints = { readonly account: AccountToKeep } | { readonly move: MoveToKeep }

/** Reads a record of points. */
export function toldPoints({ body, owner }: ProjectedRecord): ToldPoints {
  const data = parseRecordData(pointsData, body)
  if (data.event !== 'ACCOUNT_OPENED') return { move: moveOf(data, body.id) }
  const holder = owner === undefined ? data.partner && { partner: data.partner } : { customer: owner }
  if (holder === undefined) throw notUnderstood(body)
  return { account: { id: data.account, holder, record: body.id } }
}

function moveOf(data: MoveData, record: Id<'rec'>): MoveToKeep {
  const { move: id, account, points, at, parts } = data
  return { id, account, points, at, parts, cause: causeOf(data), record: { id: record } }
}

function causeOf(data: MoveData): MoveToKeep['cause'] {
  switch (data.event) {
    case 'EARNED':
      return { kind: data.event, lot: { ...data.earned, id: data.lot, account: data.account } }
    case 'REDEEMED':
      return { kind: data.event, reward: data.reward }
    case 'EXPIRED':
      return { kind: data.event, lot: data.lot }
    case 'REVERSED':
      return { kind: data.event, lot: data.lot, reason: data.reason }
  }
}

const rewardData = z.object({
  code: z.string(),
  version: wholeNumber,
  nameEn: z.string(),
  nameZh: z.string(),
  points: minorText,
  supply: z.object({ partner: idText('ptr'), price: z.object({ asset: assetText, minor: minorText }) }).optional(),
  status: z.enum(REWARD_STATUSES),
})

/** The version of a reward that a record tells of. */
export function toldReward({ body }: ProjectedRecord): RewardToKeep {
  const { supply, ...reward } = parseRecordData(rewardData, body)
  return { ...reward, supply, record: { id: body.id } }
}
