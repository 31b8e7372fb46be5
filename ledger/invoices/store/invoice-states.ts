import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** Whether a statement's payout waits for an invoice, and whether there is one that matches. */
export type InvoiceState = { readonly required: boolean; readonly matched: boolean }

export async function selectInvoiceStates(
  sql: Reader,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<string, InvoiceState>> {
  const rows = await sql<({ readonly statement_id: string } & InvoiceState)[]>`
    select statement_id, required, matched from statement_invoices
    where statement_id = any (${statements.map(uuidOf)}::uuid[])`
  return new Map(rows.map(({ statement_id: id, required, matched }) => [idOf('sta', id), { required, matched }]))
}
