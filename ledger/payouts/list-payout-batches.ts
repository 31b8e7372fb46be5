import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { BatchStatus, PayoutBatch } from './payout-batch.ts'
import { selectBatches } from './store/batches.ts'

export type ListPayoutBatchesInput = {
  /** Those alone in this status. */
  readonly status?: BatchStatus | null | undefined
  readonly page: PageInput
}

/** Batches of payouts by bank, the last prepared first. Throws `INVALID_INPUT` for a page that is none. */
export async function listPayoutBatches(
  context: Context,
  { status, page: asked }: ListPayoutBatchesInput,
): Promise<PageResult<PayoutBatch>> {
  const page = parsePageById(asked)
  const rows = await selectBatches(context.database.reads, status ?? undefined, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
