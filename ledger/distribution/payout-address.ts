import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'

/** Where a partner wants money on a chain: in force once a second person has verified it. */
export type PayoutAddress = {
  readonly id: Id<'pad'>
  readonly partner: Id<'ptr'>
  /** With its checksum (EIP-55). */
  readonly account: string
  readonly proposedBy: Actor
  readonly proposedAt: Date
  readonly verifiedBy: Actor | undefined
  readonly verifiedAt: Date | undefined
}
