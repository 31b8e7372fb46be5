import type { Transaction } from '../../database/client.ts'
import type { Payout } from './payout.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { holdBatch } from './store/batches.ts'
import { requirePayout } from './store/payouts.ts'

/**
 * A payout by its id, with its batch, which the transaction holds from here on: whoever moves one payout of a batch waits
 * for the other. A transaction that moves payouts of several batches takes them in the order of the batches' ids. Throws
 * `NOT_FOUND`.
 */
export async function holdPayout(
  tx: Transaction,
  id: string,
): Promise<{ readonly payout: Payout; readonly batch: PayoutBatch }> {
  const { batch } = await requirePayout(tx, id)
  const held = await holdBatch(tx, batch)
  return { payout: await requirePayout(tx, id), batch: held }
}
