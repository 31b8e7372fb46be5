import type { Context } from '../../database/context.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import type { Programme } from './programme.ts'
import { selectProgrammes } from './store/programmes.ts'

/** Programmes by code, a page at a time. Throws `INVALID_INPUT` for a page that is none. */
export async function listProgrammes(context: Context, page: PageInput): Promise<PageResult<Programme>> {
  const parsed = parsePage(page, 1)
  return pageOf(parsed, await selectProgrammes(context.database.reads, parsed), ({ code }) => [code])
}
