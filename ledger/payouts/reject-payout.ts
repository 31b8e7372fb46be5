import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { postEntries } from '../journal/post-entries.ts'
import { holdPayout } from './hold-payout.ts'
import { endBatch } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { Payout } from './payout.ts'
import { entriesOfRejection } from './payout-entries.ts'
import { requirePayout } from './store/payouts.ts'

export type RejectPayoutInput = {
  readonly payout: Id<'pyt'>
  /** The bank's time. */
  readonly at: Date
  /** The bank's words; they stand in the log. */
  readonly reason: string
  readonly bankEntry?: Id<'bke'> | undefined
}

/**
 * Books that the bank refused a payout before it left: it is owed again, and another attempt may pay it. In the caller's
 * transaction; the same entry again changes nothing. Throws `NOT_FOUND`, and `WRONG_STATE` for a payout that was not
 * instructed, or that the bank has spoken of already.
 */
export async function rejectPayout(context: Context, tx: Transaction, input: RejectPayoutInput): Promise<Payout> {
  const { at, reason, bankEntry: entry } = input
  const { payout, batch } = await holdPayout(tx, input.payout)
  if (entry !== undefined && payout.status === 'REJECTED' && payout.endedEntry === entry) return payout
  const event = { event: 'REJECTED', at, reason, ...(entry === undefined ? {} : { entry }) } as const
  await movePayouts(context, tx, { payouts: [payout], event })
  await postEntries(context, tx, entriesOfRejection(payout, at))
  await endBatch(context, tx, batch)
  return requirePayout(tx, payout.id)
}
