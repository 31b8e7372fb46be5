import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import { type DisclosureSearchInput, type FoundDisclosure, parseSearch } from './disclosure-search.ts'
import { selectFound } from './store/found-disclosures.ts'

/**
 * Who read what of whom in a span of time, the newest first, also where they got nothing: for compliance. There is none of a
 * customer or consent that there is not. Throws `INVALID_INPUT`, and `NOT_FOUND` for an unknown partner.
 */
export async function searchDisclosures(
  context: Context,
  input: DisclosureSearchInput,
  page: PageInput,
): Promise<PageResult<FoundDisclosure>> {
  const parsed = parseUuidCursor(parsePage(page, 2))
  const { reads } = context.database
  const rows = await selectFound(reads, await parseSearch(reads, input), parsed)
  return pageOf(parsed, rows, ({ place, id }) => [place, uuidOf(id)])
}
