import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { BatchStatus, PayoutBatch } from './payout-batch.ts'
import type { BatchEvent } from './payout-records.ts'
import { updateBatch } from './store/batches.ts'
import { countUnderWay } from './store/payouts.ts'

/** Tells what happened to a batch that the transaction holds, with its record. Gives the time of it. */
export async function moveBatch(
  context: Context,
  tx: Transaction,
  { batch, event }: { readonly batch: PayoutBatch; readonly event: BatchEvent },
): Promise<Date> {
  const data = { ...event, batch: batch.id, step: BigInt(batch.step + 1) }
  const [record] = await appendRecords(context, tx, [{ kind: 'payout_batch', data }])
  invariant(record, 'a batch moves with its record')
  await updateBatch(tx, batch.id, { event, by: context.actor, record })
  return record.at
}

/** Ends a batch that the transaction holds, once none of its payouts is under way. */
export async function endBatch(context: Context, tx: Transaction, batch: PayoutBatch): Promise<void> {
  if (batch.status !== 'INSTRUCTED' && batch.status !== 'SENT') return
  if ((await countUnderWay(tx, batch.id)) === 0) await moveBatch(context, tx, { batch, event: { event: 'DONE' } })
}

/** Throws `WRONG_STATE` unless the batch is in one of the states. */
export function requireStatus({ id, status }: PayoutBatch, allowed: readonly BatchStatus[]): void {
  if (allowed.includes(status)) return
  const what = `the payout batch ${id} is ${status}: this is for ${allowed.join(' or ')}`
  throw new Fault('WRONG_STATE', what, { field: 'batch' })
}
