import type { Context } from '../database/context.ts'
import type { PartnerCaller } from '../kernel/caller.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { CustomerView } from './customer-view.ts'
import { pageTags } from './store/page-tags.ts'
import { parsePurposeName } from './tag-read.ts'

export type PageCustomersInput = {
  readonly caller: PartnerCaller
  readonly purpose: string
  readonly page: PageInput
}

/**
 * The customers whose tags a partner may read for a purpose now, by subject, with all tags that they consented to. One
 * statement per page: a disclosure for each row is durable before the page is returned, and a page that is asked for after
 * a revocation does not hold that customer. Empty when the partner may read nothing, for whatever reason.
 * Throws `INVALID_INPUT`, `DATABASE_UNAVAILABLE` and `TIMEOUT`.
 */
export async function pageCustomers(
  context: Context,
  { caller, purpose, page }: PageCustomersInput,
): Promise<PageResult<CustomerView>> {
  const parsed = parsePage(page, 1)
  const ask = { caller, purpose: parsePurposeName(purpose), page: parsed }
  return pageOf(parsed, await pageTags(context, ask), ({ subject }) => [subject])
}
