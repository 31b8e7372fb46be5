import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { type RenamedSubject, selectRenamed } from './store/rotations.ts'

/** Former names of a partner's customers that are still understood, each with the new one. Throws `INVALID_INPUT`. */
export async function listRenamed(
  { database }: Context,
  { partner, page: asked }: { readonly partner: Id<'ptr'>; readonly page: PageInput },
): Promise<PageResult<RenamedSubject>> {
  const page = parsePage(asked, 1)
  const rows = await selectRenamed(database.reads, partner, page)
  return pageOf(page, rows, ({ former }) => [former])
}
