import { isId } from '../../kernel/ids.ts'
import { findInvoice } from '../../ledger/invoices/find-invoice.ts'
import { findInvoiceStates } from '../../ledger/invoices/find-invoice-states.ts'
import type { Invoice } from '../../ledger/invoices/invoice.ts'
import { listInvoices } from '../../ledger/invoices/list-invoices.ts'
import { batched } from '../batched.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, readerOf } from '../graph-context.ts'
import { payoutReaders } from './bank-account.ts'
import { invoiceDifferenceType, invoiceKindType, invoiceStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { statementType } from './statement.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const staffAlone = { nullable: true, subGraphs: ['operations'] as GraphName[] } as const

/** An invoice, and what its statement says beside it. */
export const invoiceType = builder.objectRef<Invoice>('Invoice').implement({
  description: 'An invoice (fapiao) for what one statement pays.',
  subGraphs,
  authScopes: payoutReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    statement: t.exposeID('statement', { description: 'Id of the statement.' }),
    statementNumber: t.exposeString('statementNumber', { description: 'Number of the statement.' }),
    partner: t.field({
      type: partnerType,
      ...staffAlone,
      description: 'Whose it is.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    kind: t.expose('kind', { type: invoiceKindType, description: 'What sort of invoice it is.' }),
    code: t.string({
      nullable: true,
      description: 'Code of a fapiao on paper.',
      resolve: ({ code }) => (code === '' ? undefined : code),
    }),
    number: t.exposeString('number', { description: 'Its number.' }),
    issuedOn: t.exposeString('issuedOn', { description: 'The day it was issued, e.g. 2026-03-31.' }),
    gross: t.field({
      type: moneyType,
      description: 'What it is for, before tax.',
      resolve: ({ asset, gross }) => ({ asset, minor: gross }),
    }),
    vat: t.field({
      type: moneyType,
      description: 'Its tax.',
      resolve: ({ asset, vat }) => ({ asset, minor: vat }),
    }),
    expectedGross: t.field({
      type: moneyType,
      description: 'The statement’s payout, which it must be.',
      resolve: ({ expected: { asset, gross } }) => ({ asset, minor: gross }),
    }),
    expectedVat: t.field({
      type: moneyType,
      description: 'The statement’s value added tax, which its tax must be.',
      resolve: ({ expected: { asset, vat } }) => ({ asset, minor: vat }),
    }),
    status: t.expose('status', { type: invoiceStatusType, description: 'What became of it.' }),
    differs: t.field({
      type: [invoiceDifferenceType],
      description: 'What it says otherwise than its statement.',
      resolve: ({ differs }) => [...differs],
    }),
    registeredBy: t.exposeString('registeredBy', { ...staffAlone, description: 'Who registered it.' }),
    registeredAt: t.expose('registeredAt', { type: 'DateTime', description: 'When.' }),
    endedBy: t.exposeString('endedBy', { ...staffAlone, description: 'Who withdrew or credited it.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was withdrawn or credited.' }),
    creditNote: t.exposeString('creditNote', { nullable: true, description: 'Number of the red-letter invoice.' }),
  }),
})

const invoiceConnection = connectionOf(invoiceType, subGraphs)
const stateOf = batched(({ context }: GraphContext, keys) =>
  findInvoiceStates(
    context,
    keys.filter((key) => isId('sta', key)),
  ),
)

builder.objectFields(statementType, (t) => ({
  invoiceRequired: t.boolean({
    description: 'Whether its payout waits for an invoice that matches.',
    resolve: async ({ id }, _, graph) => (await stateOf(graph, id))?.required === true,
  }),
  invoiceMatched: t.boolean({
    description: 'Whether there is an invoice that matches.',
    resolve: async ({ id }, _, graph) => (await stateOf(graph, id))?.matched === true,
  }),
}))

builder.queryFields((t) => ({
  invoices: t.field({
    type: invoiceConnection,
    description: 'Invoices, the last registered first: a partner’s own, or all. Scope payouts:write.',
    subGraphs,
    authScopes: payoutReaders,
    args: {
      partner: t.arg.string({ description: 'For the staff: of this partner alone, by code or id.' }),
      statement: t.arg.id({ description: 'Of this statement alone.' }),
      status: t.arg({ type: invoiceStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { partner, statement, status, ...args }, graph) =>
      listInvoices(graph.context, { partner, owner: readerOf(graph), statement, status, page: pageIn(args) }),
  }),
  invoice: t.field({
    type: invoiceType,
    nullable: true,
    description: 'An invoice by its id; nothing for another partner’s. Scope payouts:write.',
    subGraphs,
    authScopes: payoutReaders,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => findInvoice(graph.context, { id, partner: readerOf(graph) }),
  }),
}))
