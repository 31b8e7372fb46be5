import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { Contribution } from './contribution.ts'
import { selectContributions } from './store/contribution-pages.ts'

export type ListContributionsInput = { readonly caller: PartnerCaller; readonly page: PageInput }

/**
 * The partner's own contributions, the last reported first, a page at a time. Throws `FORBIDDEN` for a client that may
 * neither report contributions nor read statements, and `INVALID_INPUT` for a page that is none.
 */
export async function listContributions(
  context: Context,
  { caller, page }: ListContributionsInput,
): Promise<PageResult<Contribution>> {
  if (!caller.scopes.has('contributions:write') && !caller.scopes.has('statements:read')) {
    throw new Fault('FORBIDDEN', 'this needs the scope contributions:write or statements:read')
  }
  const parsed = parsePageById(page)
  const rows = await selectContributions(context.database.reads, { partner: caller.partner }, parsed)
  return pageOf(parsed, rows, ({ id }) => [uuidOf(id)])
}
