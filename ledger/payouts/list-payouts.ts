import type { Context } from '../../database/context.ts'
import { isId, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { Payout, PayoutStatus } from './payout.ts'
import { selectPayouts } from './store/payouts.ts'

export type ListPayoutsInput = {
  /** Of this batch alone. */
  readonly batch?: string | null | undefined
  readonly status?: PayoutStatus | null | undefined
  readonly page: PageInput
}

/** Payouts by bank in the order of their making; none of a batch that is not there. Throws `INVALID_INPUT` for a bad page. */
export async function listPayouts(
  context: Context,
  { batch, status, page: asked }: ListPayoutsInput,
): Promise<PageResult<Payout>> {
  const page = parsePageById(asked)
  const of =
    batch == null || isId('pob', batch) ? { batch: batch ?? undefined, status: status ?? undefined } : undefined
  const rows = of === undefined ? [] : await selectPayouts(context.database.reads, of, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
