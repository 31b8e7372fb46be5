import type { Id } from '../../kernel/ids.ts'
import type { Money } from '../../kernel/money.ts'

export const REWARD_STATUSES = ['ACTIVE', 'RETIRED'] as const
export type RewardStatus = (typeof REWARD_STATUSES)[number]

/** Who supplies a reward, and what is owed for each one that is taken. */
export type RewardSupply = { readonly partner: Id<'ptr'>; readonly partnerCode: string; readonly price: Money }

/** One version of what points are given for; of a code the last version holds. */
export type Reward = {
  readonly code: string
  readonly version: number
  readonly nameEn: string
  readonly nameZh: string
  /** Whole points that it takes. */
  readonly points: bigint
  /** Absent: the house, which gives the money that was set aside for the points. */
  readonly supply: RewardSupply | undefined
  readonly status: RewardStatus
  /** Whether it is given now: active, and of a supplier who may earn. */
  readonly available: boolean
}
