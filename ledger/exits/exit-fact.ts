import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

type ExitFactKind =
  | 'STATEMENT'
  | 'ACCEPTANCE'
  | 'DISPUTE'
  | 'DISPUTE_CLOSED'
  | 'PAYOUT'
  | 'ADJUSTMENT'
  | 'WRITE_OFF'
  | 'REPAYMENT'
  | 'RESERVE'
  | 'MEMBERSHIP_ENDED'

/** Something that happened to a partner's money. */
export type ExitFact = {
  readonly at: Date
  readonly kind: ExitFactKind
  /** Number of the statement, or id of what it is about. */
  readonly about: string
  readonly status: string
  readonly asset: Asset | undefined
  /** Minor units of what it is about: of a statement what it pays before tax, of a payout what went to the bank. */
  readonly minor: bigint | undefined
  /** The record that tells of it. */
  readonly record: Id<'rec'>
}
