import type { Context } from '../database/context.ts'
import { type Id, uuidOf } from '../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import { parseUuidCursor } from '../kernel/uuid-cursor.ts'
import type { Disclosure } from './disclosure.ts'
import { requireCustomer } from './store/customers.ts'
import { selectDisclosures } from './store/disclosures.ts'

/**
 * Who looked at a customer's data and when, the newest first, also where they got nothing; one partner only if named. Throws `NOT_FOUND` for an
 * unknown account, and `INVALID_INPUT` for a page that is none.
 */
export async function listDisclosures(
  context: Context,
  { accountKey, partner }: { readonly accountKey: string; readonly partner?: Id<'ptr'> | undefined },
  page: PageInput,
): Promise<PageResult<Disclosure>> {
  const parsed = parseUuidCursor(parsePage(page, 2))
  const { reads } = context.database
  const customer = await requireCustomer(reads, accountKey)
  const rows = await selectDisclosures(reads, { customer: customer.id, partner }, parsed)
  const { edges, ...rest } = pageOf(parsed, rows, ({ place, id }) => [place, uuidOf(id)])
  return { ...rest, edges: edges.map(({ node: { place: _, ...node }, cursor }) => ({ node, cursor })) }
}
