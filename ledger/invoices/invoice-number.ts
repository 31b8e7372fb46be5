import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { INVOICE_KINDS, type InvoiceKind, type InvoiceNumber } from './invoice.ts'

const CODE = /^(?:[0-9]{10}|[0-9]{12})$/
/** What the number of a kind looks like: on paper 8 digits, fully digitalised 20, elsewhere a line of text. */
const NUMBERS: Readonly<Record<InvoiceKind, readonly [RegExp, string]>> = {
  FAPIAO: [/^[0-9]{8}$/, 'the number of a fapiao has 8 digits'],
  DIGITAL_FAPIAO: [/^[0-9]{20}$/, 'the number of a fully digitalised fapiao has 20 digits'],
  OTHER: [/^.{1,35}$/u, 'it has more than 35 characters'],
}

/** Members of an input by which an invoice is known; {@link numberOf} checks them together. */
export const invoiceNumberFields = {
  kind: z.enum(INVOICE_KINDS, 'it is FAPIAO, DIGITAL_FAPIAO or OTHER'),
  /** Of a `FAPIAO` alone. */
  code: lineOfText(20).nullish(),
  number: lineOfText(40),
}

type Given = { readonly kind: InvoiceKind; readonly code?: string | null | undefined; readonly number: string }

/** The number by which an invoice is known: without spaces where it has digits alone, in capitals elsewhere. */
export function numberOf({ kind, code, number }: Given, schema: z.core.$RefinementCtx): InvoiceNumber {
  const known = { kind, code: (code ?? '').replaceAll(/\s/g, ''), number: plain(kind, number) }
  const [form, fault] = NUMBERS[kind]
  if (!form.test(known.number)) schema.addIssue({ code: 'custom', path: ['number'], message: fault })
  const wrongCode = kind === 'FAPIAO' ? !CODE.test(known.code) : known.code !== ''
  if (wrongCode) {
    const message = kind === 'FAPIAO' ? 'the code of a fapiao has 10 or 12 digits' : 'only a FAPIAO has one'
    schema.addIssue({ code: 'custom', path: ['code'], message })
  }
  return known
}

function plain(kind: InvoiceKind, number: string): string {
  return kind === 'OTHER' ? number.toUpperCase() : number.replaceAll(/\s/g, '')
}
