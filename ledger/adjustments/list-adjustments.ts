import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { ProposalStatus } from '../proposal.ts'
import type { Adjustment } from './adjustment.ts'
import { selectAdjustments } from './store/adjustments.ts'

export type ListAdjustmentsInput = {
  /** Code or id; of all programmes when absent. */
  readonly programme?: string | null | undefined
  readonly status?: ProposalStatus | null | undefined
  readonly page: PageInput
}

/**
 * Manual adjustments, the last proposed first, of one programme or of all. Throws `NOT_FOUND` for the programme and
 * `INVALID_INPUT` for a page that is none.
 */
export async function listAdjustments(context: Context, input: ListAdjustmentsInput): Promise<PageResult<Adjustment>> {
  const sql = context.database.reads
  const page = parsePageById(input.page)
  const { programme: named, status } = input
  const programme = typeof named === 'string' ? await requireProgramme(sql, named) : undefined
  const rows = await selectAdjustments(sql, { programme: programme?.id, status: status ?? undefined }, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
