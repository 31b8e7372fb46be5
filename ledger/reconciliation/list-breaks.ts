import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { BankBreak, BreakKind, BreakStatus } from './bank-break.ts'
import { requireOwnAccount } from './require-own-account.ts'
import { selectBreaks } from './store/breaks.ts'

export type ListBreaksInput = {
  /** Code of an account of ours; of all when absent. */
  readonly ownAccount?: string | null | undefined
  readonly status?: BreakStatus | null | undefined
  readonly kind?: BreakKind | null | undefined
  /** `staff:alice`. */
  readonly owner?: string | null | undefined
  readonly page: PageInput
}

/** The queue of breaks, the oldest first. Throws `NOT_FOUND` for the account, `INVALID_INPUT` for a page that is none. */
export async function listBreaks(context: Context, input: ListBreaksInput): Promise<PageResult<BankBreak>> {
  const page = parsePageById(input.page)
  const { ownAccount, status, kind, owner } = input
  const account = ownAccount == null ? undefined : (await requireOwnAccount(context, ownAccount)).id
  const filter = { account, status: status ?? undefined, kind: kind ?? undefined, owner: owner ?? undefined }
  return pageOf(page, await selectBreaks(context.database.reads, filter, page), ({ id }) => [uuidOf(id)])
}
