import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/**
 * `PLANNED` by one person, `APPROVED` by another; `FUNDING` since the funding may have been sent, so that the round can only
 * end on the chain or pass its deadline there; `FUNDED` when the contract has it; `CLOSED` when all is claimed, `SWEPT` when
 * what was left came back. `CANCELLED` rounds never reach the chain.
 */
export const ROUND_STATUSES = ['PLANNED', 'APPROVED', 'FUNDING', 'FUNDED', 'CLOSED', 'SWEPT', 'CANCELLED'] as const
export type RoundStatus = (typeof ROUND_STATUSES)[number]

/** Statements that are given out together; what the contract is told never changes. */
export type Round = {
  readonly id: Id<'pyr'>
  readonly asset: Asset
  readonly chainId: bigint
  readonly contract: string
  readonly token: string
  /** The round in that contract. */
  readonly number: bigint
  /** 0x and 64 digits. */
  readonly root: string
  /** Minor units. */
  readonly total: bigint
  readonly claims: number
  readonly deadline: Date
  readonly status: RoundStatus
  readonly plannedBy: Actor
  readonly plannedAt: Date
  readonly approvedBy: Actor | undefined
  readonly approvedAt: Date | undefined
  /** Every event of the round up to this block has been booked. */
  readonly seenBlock: bigint
}

/** One statement in a round, as it may be claimed. */
export type Claim = {
  readonly round: Id<'pyr'>
  readonly index: number
  readonly statement: Id<'sta'>
  readonly partner: Id<'ptr'>
  readonly account: string
  readonly amount: bigint
  readonly salt: string
  readonly proof: readonly string[]
  readonly claimedAt: Date | undefined
  readonly claimedTx: string | undefined
  readonly returnedAt: Date | undefined
}

/** Seconds since 1970, as the contract has its times. */
export function secondsOf(at: Date): bigint {
  return BigInt(Math.floor(at.getTime() / 1000))
}
