import type { Context } from '../../database/context.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { Period } from './period.ts'
import { selectPeriods } from './store/periods.ts'

/** Programme by code or id. */
export type ListPeriodsInput = { readonly programme: string; readonly page: PageInput }

/**
 * Periods of a programme whose closing was tried, by month. Throws `NOT_FOUND` for the programme and `INVALID_INPUT` for
 * a page that is none.
 */
export async function listPeriods(context: Context, input: ListPeriodsInput): Promise<PageResult<Period>> {
  const page = parsePage(input.page, 1)
  const programme = await requireProgramme(context.database.reads, input.programme)
  const rows = await selectPeriods(context.database.reads, programme.id, page)
  return pageOf(page, rows, ({ month }) => [month])
}
