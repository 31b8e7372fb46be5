import type { Context } from '../../database/context.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import type { Invoice } from './invoice.ts'
import { selectInvoice } from './store/invoices.ts'

export type FindInvoiceInput = { readonly id: string; readonly partner?: Id<'ptr'> | undefined }

/** An invoice, or nothing; with a partner, another one's is nothing. */
export async function findInvoice(
  { database }: Context,
  { id, partner }: FindInvoiceInput,
): Promise<Invoice | undefined> {
  return isId('inv', id) ? selectInvoice(database.reads, { id, partner }) : undefined
}
