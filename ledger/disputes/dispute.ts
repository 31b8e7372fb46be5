import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

export const DISPUTE_STATUSES = ['OPEN', 'UPHELD', 'REJECTED', 'WITHDRAWN'] as const
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number]

/** A partner's objection to an issued statement, and what became of it. The statement itself never changes. */
export type Dispute = {
  readonly id: Id<'dsp'>
  readonly statement: Id<'sta'>
  /** The statement's number, for people. */
  readonly number: string
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  /** Places of the rules that are disputed. Without rules and lines, the whole statement is. */
  readonly rules: readonly number[]
  readonly lines: readonly Id<'pol'>[]
  /** Minor units of the payout, before tax, that are not paid while it is open. */
  readonly held: bigint
  readonly reason: string
  readonly status: DisputeStatus
  /** The partner, or a member of the staff on its behalf. */
  readonly openedBy: Actor
  readonly openedAt: Date
  readonly closedBy: Actor | undefined
  readonly closedAt: Date | undefined
  /** What the partner was told. */
  readonly answer: string | undefined
  /** The adjustment that was proposed because it was upheld; it counts once a second person approves it. */
  readonly adjustment: Id<'adj'> | undefined
}

/** What is objected to, without who and when: that says the record. */
export type Objection = Pick<Dispute, 'id' | 'statement' | 'partner' | 'rules' | 'lines' | 'held' | 'reason'>

/** How a dispute ends. */
export type DisputeEnd = {
  readonly status: Exclude<DisputeStatus, 'OPEN'>
  readonly answer: string | undefined
  readonly adjustment: Id<'adj'> | undefined
}
