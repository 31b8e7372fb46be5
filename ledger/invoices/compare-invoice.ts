import type { InvoiceAmounts, InvoiceDifference } from './invoice.ts'

/**
 * What an invoice says otherwise than its statement: to the minor unit, with no tolerance, since tax offices have none.
 * Amounts of two assets cannot be compared. Source: RULES §6.
 */
export function compareInvoice(invoice: InvoiceAmounts, expected: InvoiceAmounts): readonly InvoiceDifference[] {
  if (invoice.asset !== expected.asset) return ['ASSET']
  const differs: InvoiceDifference[] = []
  if (invoice.gross !== expected.gross) differs.push('GROSS')
  if (invoice.vat !== expected.vat) differs.push('VAT')
  return differs
}
