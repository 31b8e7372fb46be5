import type { Context } from '../../database/context.ts'
import { type Id, isId, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireMember } from '../agreements/store/agreements.ts'
import type { Invoice, InvoiceStatus } from './invoice.ts'
import { selectInvoices } from './store/invoices.ts'

export type ListInvoicesInput = {
  /** Code or id; of all partners when absent. */
  readonly partner?: string | null | undefined
  /** The partner that reads, which has its own alone. */
  readonly owner?: Id<'ptr'> | undefined
  /** Id of a statement; of all when absent. */
  readonly statement?: string | null | undefined
  readonly status?: InvoiceStatus | null | undefined
  readonly page: PageInput
}

/**
 * Invoices and what became of them, the last registered first; none for an unknown statement. Throws `NOT_FOUND` for the
 * partner and `INVALID_INPUT` for a page that is none.
 */
export async function listInvoices(context: Context, input: ListInvoicesInput): Promise<PageResult<Invoice>> {
  const { partner: named, owner, statement, status } = input
  const page = parsePageById(input.page)
  const sql = context.database.reads
  const partner =
    owner ??
    (named == null ? undefined : (await requireMember(sql, parseExactly(lineOfText(60), named, 'partner'))).partner)
  if (statement != null && !isId('sta', statement)) return pageOf(page, [], () => [])
  const filter = { partner, statement: statement ?? undefined, status: status ?? undefined }
  return pageOf(page, await selectInvoices(sql, filter, page), ({ id }) => [uuidOf(id)])
}
