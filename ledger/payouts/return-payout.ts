import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { postEntries } from '../journal/post-entries.ts'
import { holdPayout } from './hold-payout.ts'
import { endBatch } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { Payout } from './payout.ts'
import { entriesOfReturn } from './payout-entries.ts'
import { requirePayout } from './store/payouts.ts'

export type ReturnPayoutInput = {
  readonly payout: Id<'pyt'>
  /** The bank's time. */
  readonly at: Date
  /** Code of the account of ours that the money came back to. */
  readonly ownAccount: string
  readonly bankEntry: Id<'bke'>
  /** The bank's words; they stand in the log. */
  readonly reason: string
}

/**
 * Books that the money of a payout came back: it is owed again, and another attempt may pay it. In the caller's transaction;
 * the same entry again changes nothing. It may come before the entry by which the money left: `Clearing:Payouts` shows the
 * amount until `settlePayout` books that one too.
 *
 * Throws `NOT_FOUND`, and `WRONG_STATE` for a payout that was not instructed, was rejected or came back already.
 */
export async function returnPayout(context: Context, tx: Transaction, input: ReturnPayoutInput): Promise<Payout> {
  const { at, reason, ownAccount, bankEntry: entry } = input
  const { payout, batch } = await holdPayout(tx, input.payout)
  if (payout.status === 'RETURNED' && payout.endedEntry === entry) return payout
  await movePayouts(context, tx, { payouts: [payout], event: { event: 'RETURNED', entry, at, reason } })
  await postEntries(context, tx, entriesOfReturn(payout, { at, ownAccount }))
  await endBatch(context, tx, batch)
  return requirePayout(tx, payout.id)
}
