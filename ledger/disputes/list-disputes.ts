import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { Dispute } from './dispute.ts'
import { type DisputeFilter, selectDisputes } from './store/disputes.ts'

export type ListDisputesInput = DisputeFilter & { readonly page: PageInput }

/**
 * Disputes of one partner, one statement, in one status, or all of them, the last opened first. Throws `INVALID_INPUT` for a
 * page that is none.
 */
export async function listDisputes(context: Context, input: ListDisputesInput): Promise<PageResult<Dispute>> {
  const page = parsePageById(input.page)
  const rows = await selectDisputes(context.database.reads, input, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
