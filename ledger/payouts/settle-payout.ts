import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { postEntries } from '../journal/post-entries.ts'
import { holdPayout } from './hold-payout.ts'
import { endBatch } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { Payout } from './payout.ts'
import { entriesOfSettlement } from './payout-entries.ts'
import { requirePayout } from './store/payouts.ts'

export type SettlePayoutInput = {
  readonly payout: Id<'pyt'>
  /** The bank's time. */
  readonly at: Date
  /** Code of the account of ours that the money left. */
  readonly ownAccount: string
  readonly bankEntry: Id<'bke'>
}

/**
 * Books that a payout left our account, in the caller's transaction. The same entry again changes nothing. Money that was
 * seen to come back first (files may come in any order) is booked as having left, and stays `RETURNED`.
 *
 * Throws `NOT_FOUND`, and `WRONG_STATE` for a payout that was not instructed, was rejected, or that another entry settled.
 */
export async function settlePayout(context: Context, tx: Transaction, input: SettlePayoutInput): Promise<Payout> {
  const { at, bankEntry: entry, ownAccount } = input
  const { payout, batch } = await holdPayout(tx, input.payout)
  if (payout.settledEntry === entry) return payout
  await movePayouts(context, tx, { payouts: [payout], event: { event: 'SETTLED', entry, at } })
  await postEntries(context, tx, entriesOfSettlement(payout, { at, ownAccount }))
  await endBatch(context, tx, batch)
  return requirePayout(tx, payout.id)
}
