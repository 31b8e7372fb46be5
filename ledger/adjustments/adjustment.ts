import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

export const ADJUSTMENT_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED'] as const
export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number]

/** What is given to an agreement by hand, or taken from it, once two persons agree. */
export type Adjustment = {
  readonly id: Id<'adj'>
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  /** Minor units; below zero it is taken. Never zero. */
  readonly minor: bigint
  /** Its partner reads it. */
  readonly reason: string
  readonly status: AdjustmentStatus
  readonly proposedBy: Actor
  readonly proposedAt: Date
  readonly decidedBy: Actor | undefined
  readonly decidedAt: Date | undefined
  /** Why it was rejected. */
  readonly decisionReason: string | undefined
  /** The issued statement that has it. */
  readonly statement: Id<'sta'> | undefined
}
