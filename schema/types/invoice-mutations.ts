import { creditInvoice } from '../../ledger/invoices/credit-invoice.ts'
import type { InvoiceRequirement } from '../../ledger/invoices/invoice.ts'
import { registerInvoice } from '../../ledger/invoices/register-invoice.ts'
import { requireInvoices } from '../../ledger/invoices/require-invoices.ts'
import { withdrawInvoice } from '../../ledger/invoices/withdraw-invoice.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { invoiceKindType } from './enums.ts'
import { invoiceType } from './invoice.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']
const authScopes = { $any: { scope: 'payouts:write', role: 'finance' } } as const

const requirementType = builder.objectRef<InvoiceRequirement>('InvoiceRequirement').implement({
  description: 'From which month on payouts of a programme wait for an invoice.',
  subGraphs: operations,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    programme: t.exposeID('programme', { description: 'The programme’s id.' }),
    version: t.exposeInt('version', { description: 'Counts what was said, from 1; 0 when nothing ever was.' }),
    from: t.exposeString('from', { nullable: true, description: 'The first month; none is asked for when absent.' }),
  }),
})

const payloadNamed = (name: string) => payloadType(name, { field: 'invoice', type: invoiceType, subGraphs })
const registerPayload = payloadNamed('RegisterInvoicePayload')
const withdrawPayload = payloadNamed('WithdrawInvoicePayload')
const creditPayload = payloadNamed('CreditInvoicePayload')
const requirePayload = payloadType('RequireInvoicesPayload', {
  ...{ field: 'requirement', type: requirementType, subGraphs: operations },
})
const WHY = { required: true, description: 'Why, up to 300 characters.' } as const

const registerInput = builder.inputType('RegisterInvoiceInput', {
  description: 'An invoice for what one statement pays.',
  subGraphs,
  fields: (t) => ({
    statement: t.id({ required: true, description: 'The statement’s id; the staff may give its number.' }),
    kind: t.field({ type: invoiceKindType, required: true, description: 'What sort of invoice it is.' }),
    code: t.string({ description: 'Of a FAPIAO alone: 10 or 12 digits.' }),
    number: t.string({ required: true, description: '8 digits of a FAPIAO, 20 of a DIGITAL_FAPIAO, else a line.' }),
    issuedOn: t.string({ required: true, description: 'The day it was issued, e.g. 2026-03-31.' }),
    asset: t.string({ description: 'The statement’s when absent.' }),
    gross: t.string({ required: true, description: 'What it is for before tax, a decimal: the payout.' }),
    vat: t.string({ required: true, description: 'Its tax, a decimal: the statement’s VAT.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const withdrawInput = builder.inputType('WithdrawInvoiceInput', {
  description: 'Which invoice was registered wrongly.',
  subGraphs,
  fields: (t) => ({
    invoice: t.id({ required: true, description: 'Its id.' }),
    reason: t.string(WHY),
    idempotencyKey: t.string(KEY),
  }),
})
const creditInput = builder.inputType('CreditInvoiceInput', {
  description: 'Which invoice a red-letter invoice took back.',
  subGraphs,
  fields: (t) => ({
    invoice: t.id({ required: true, description: 'Its id.' }),
    creditNote: t.string({ required: true, description: 'Number of the red-letter invoice.' }),
    reason: t.string(WHY),
    idempotencyKey: t.string(KEY),
  }),
})
const requireInput = builder.inputType('RequireInvoicesInput', {
  description: 'From which month on a programme asks for invoices.',
  subGraphs: operations,
  fields: (t) => ({
    programme: t.string({ required: true, description: 'Code or id.' }),
    from: t.string({ description: 'The first month, e.g. 2026-04; none is asked for when absent.' }),
  }),
})

builder.mutationFields((t) => ({
  registerInvoice: t.field({
    type: registerPayload,
    description: 'Registers an invoice and matches it to its statement. Scope payouts:write, or role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: registerInput, required: true, description: 'The invoice.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => registerInvoice(graph.context, { ...input, owner: readerOf(graph) })),
  }),
  withdrawInvoice: t.field({
    type: withdrawPayload,
    description: 'Takes back what was registered wrongly, while unpaid. Scope payouts:write, or role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: withdrawInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => withdrawInvoice(graph.context, { ...input, owner: readerOf(graph) })),
  }),
  creditInvoice: t.field({
    type: creditPayload,
    description: 'Registers the red-letter invoice of another one, while unpaid. Scope payouts:write, or role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: creditInput, required: true, description: 'Which, and by what.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => creditInvoice(graph.context, { ...input, owner: readerOf(graph) })),
  }),
  requireInvoices: t.field({
    type: requirePayload,
    description: 'Says from which month on a programme’s payouts wait for an invoice. Role finance.',
    subGraphs: operations,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: requireInput, required: true, description: 'Which, and from when.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => requireInvoices(context, { ...input })),
  }),
}))
