import { z } from 'zod'
import { parseMinor } from '../../kernel/money.ts'
import { parseMonth } from '../../kernel/month.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { INVOICE_DIFFERENCES, INVOICE_KINDS, type InvoiceRequirement, type RegisteredInvoice } from './invoice.ts'

/** The record of an invoice that is registered, which is its partner's. */
export function registrationRecord({ id, ...invoice }: RegisteredInvoice): NewRecord {
  return { kind: 'invoice', partner: invoice.partner, data: { event: 'REGISTERED', invoice: id, ...invoice } }
}

/** The record of a programme that asks for invoices, or no longer does. */
export function requirementRecord({ programme, version, from }: InvoiceRequirement): NewRecord {
  return {
    kind: 'invoice',
    data: { event: 'REQUIRED', programme, version: BigInt(version), from: from ?? null },
  }
}

const invoice = idText('inv')
const minor = z.string().transform(parseMinor)
const end = { invoice, reason: z.string() }

/** What a record of the kind says. */
export const invoiceEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('REGISTERED'),
    invoice,
    statement: idText('sta'),
    partner: idText('ptr'),
    kind: z.enum(INVOICE_KINDS),
    code: z.string(),
    number: z.string(),
    issuedOn: z.iso.date(),
    asset: assetText,
    gross: minor,
    vat: minor,
    differs: z.array(z.enum(INVOICE_DIFFERENCES)),
  }),
  z.object({ event: z.literal('WITHDRAWN'), ...end }),
  z.object({ event: z.literal('CREDITED'), ...end, creditNote: z.string() }),
  z.object({
    event: z.literal('REQUIRED'),
    programme: idText('prg'),
    version: wholeNumber,
    from: z.string().transform(parseMonth).nullable(),
  }),
])
