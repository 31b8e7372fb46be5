import type { Context } from '../database/context.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { Partner } from './partner.ts'
import { selectPartners } from './store/partners.ts'

/** Partners by code, a page at a time. Throws `INVALID_INPUT` for a page that is none. */
export async function listPartners(context: Context, page: PageInput): Promise<PageResult<Partner>> {
  const parsed = parsePage(page, 1)
  return pageOf(parsed, await selectPartners(context.database.reads, parsed), ({ code }) => [code])
}
