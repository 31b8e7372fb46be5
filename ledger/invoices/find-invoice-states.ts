import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { type InvoiceState, selectInvoiceStates } from './store/invoice-states.ts'

/** Of statements, whether the payout waits for an invoice and whether one matches. */
export async function findInvoiceStates(
  { database }: Context,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<string, InvoiceState>> {
  return selectInvoiceStates(database.reads, statements)
}
