import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

export const WRITE_OFF_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED'] as const
export type WriteOffStatus = (typeof WRITE_OFF_STATUSES)[number]

/** What a partner owes by an agreement and will not pay, given up once two persons agree. */
export type WriteOff = {
  readonly id: Id<'wof'>
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  /** Minor units, above zero. */
  readonly minor: bigint
  /** Why; its partner may read it once it is approved. */
  readonly reason: string
  readonly status: WriteOffStatus
  readonly proposedBy: Actor
  readonly proposedAt: Date
  readonly decidedBy: Actor | undefined
  readonly decidedAt: Date | undefined
  /** Why it was rejected. */
  readonly decisionReason: string | undefined
}
