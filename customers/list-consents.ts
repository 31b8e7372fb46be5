import type { Context } from '../database/context.ts'
import { uuidOf } from '../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import { parseUuidCursor } from '../kernel/uuid-cursor.ts'
import type { Consent } from './consent.ts'
import { selectConsents } from './store/consents.ts'
import { requireCustomer } from './store/customers.ts'

/**
 * All consents that a customer has ever given, the newest first. Throws `NOT_FOUND` for an unknown account, and
 * `INVALID_INPUT` for a page that is none.
 */
export async function listConsents(
  context: Context,
  { accountKey }: { readonly accountKey: string },
  page: PageInput,
): Promise<PageResult<Consent>> {
  const parsed = parseUuidCursor(parsePage(page, 1))
  const { reads } = context.database
  const customer = await requireCustomer(reads, accountKey)
  return pageOf(parsed, await selectConsents(reads, customer.id, parsed), ({ id }) => [uuidOf(id)])
}
