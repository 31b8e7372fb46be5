import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { endInvoice } from './end-invoice.ts'
import type { Invoice } from './invoice.ts'

const creditInvoiceInput = z.strictObject({
  invoice: z.string().max(60),
  /** Number of the red-letter invoice, as a whole. */
  creditNote: lineOfText(40),
  /** Why. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type CreditInvoiceInput = z.input<typeof creditInvoiceInput> & {
  /** The partner that acts, when no member of the staff does. */
  readonly owner?: Id<'ptr'> | undefined
}

/**
 * Registers that a red-letter invoice took an invoice back, as a whole: the statement waits for another one, and the number stays
 * used. Throws as `withdrawInvoice` does. Source: ADR 0022.
 */
export async function creditInvoice(context: Context, { owner, ...input }: CreditInvoiceInput): Promise<Invoice> {
  return endInvoice(context, { ...parseExactly(creditInvoiceInput, input, 'credit note'), owner })
}
