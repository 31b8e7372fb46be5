import type { Actor } from '../../kernel/actor.ts'
import type { AcceptanceReason } from './acceptance-record.ts'

/** Where the answer to an issued statement stands. */
export type StatementAnswer = {
  /** From then on it cannot be disputed any more; unanswered, it counts as accepted. */
  readonly disputeEndsAt: Date
  /** Minor units of its payout, before tax, that open disputes hold. */
  readonly disputed: bigint
  /** By word or by silence; absent of one whose disputes were all closed. */
  readonly accepted: { readonly reason: AcceptanceReason; readonly by: Actor; readonly at: Date } | undefined
}
