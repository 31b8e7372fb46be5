import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { endInvoice } from './end-invoice.ts'
import type { Invoice } from './invoice.ts'

const withdrawInvoiceInput = z.strictObject({
  invoice: z.string().max(60),
  /** Why. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type WithdrawInvoiceInput = z.input<typeof withdrawInvoiceInput> & {
  /** The partner that acts, when no member of the staff does. */
  readonly owner?: Id<'ptr'> | undefined
}

/**
 * Takes back an invoice that was registered wrongly; its number may be registered anew. Throws `NOT_FOUND` (another partner's
 * is unknown), `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that stands no longer or whose statement is paid
 * or about to be, and `FORBIDDEN` to the side that did not register it. Source: ADR 0022.
 */
export async function withdrawInvoice(context: Context, { owner, ...input }: WithdrawInvoiceInput): Promise<Invoice> {
  const parsed = parseExactly(withdrawInvoiceInput, input, 'withdrawal')
  return endInvoice(context, { ...parsed, owner, creditNote: undefined })
}
