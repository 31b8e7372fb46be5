import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import type { PayoutBatch } from '../../../ledger/payouts/payout-batch.ts'
import { act } from '../act.ts'
import { batchRow } from './rows.ts'

export type OnBatch = { readonly batch: string; readonly idempotencyKey: string }

/** Runs a verb on a batch, and shows the batch. */
export async function onBatch(
  command: Command,
  batch: string,
  work: (context: Context, which: OnBatch) => Promise<PayoutBatch>,
): Promise<void> {
  await act(command, async (context) => {
    const changed = await work(context, { batch, idempotencyKey: randomUUID() })
    return { result: changed, rows: [batchRow(changed)] }
  })
}
