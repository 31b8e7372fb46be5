import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import type { MadeFile, PayoutBatch } from './payout-batch.ts'
import { findBatchRow, selectFiles } from './store/batches.ts'

/** A batch with the files that were made of it, the first one first; nothing for an id of none. */
export async function findPayoutBatch(
  { database: { reads } }: Context,
  id: string,
): Promise<(PayoutBatch & { readonly files: readonly MadeFile[] }) | undefined> {
  const batch = isId('pob', id) ? await findBatchRow(reads, id) : undefined
  return batch && { ...batch, files: await selectFiles(reads, batch.id) }
}
