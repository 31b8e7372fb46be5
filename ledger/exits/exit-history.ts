import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import { selectExitHistory } from './store/exit-history.ts'

export const EXIT_FACTS = [
  ...(['STATEMENT', 'ACCEPTANCE', 'DISPUTE', 'DISPUTE_CLOSED', 'PAYOUT'] as const),
  ...(['ADJUSTMENT', 'WRITE_OFF', 'REPAYMENT', 'RESERVE', 'MEMBERSHIP_ENDED'] as const),
] as const

/** Something that happened to a partner's money. */
export type ExitFact = {
  readonly at: Date
  readonly kind: (typeof EXIT_FACTS)[number]
  /** Number of the statement, or id of what it is about. */
  readonly about: string
  readonly status: string
  readonly asset: Asset | undefined
  /** Minor units of what it is about: of a statement what it pays before tax, of a payout what went to the bank. */
  readonly minor: bigint | undefined
  /** The record that tells of it. */
  readonly record: Id<'rec'>
}

/** All that happened to a partner's money since an instant, in the order in which it did. */
export async function exitHistory(
  { database }: Context,
  input: { readonly partner: Id<'ptr'>; readonly since: Date },
): Promise<readonly ExitFact[]> {
  return selectExitHistory(database.reads, input)
}
