import { findBankAccount } from '../../ledger/bank-accounts/find-bank-account.ts'
import { findPayout } from '../../ledger/payouts/find-payout.ts'
import { listPayouts } from '../../ledger/payouts/list-payouts.ts'
import type { Payout } from '../../ledger/payouts/payout.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { foundOutcomeType, payoutStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const staffAlone = { nullable: true, subGraphs: ['operations'] as GraphName[] } as const

/** What a payout's amounts mean. */
const AMOUNTS = {
  gross: 'Of the statement’s payout, before tax.',
  vat: 'Value added tax on it.',
  withholding: 'Tax withheld from it.',
  transfer: 'What goes to the bank.',
} as const

/** One attempt to pay a statement, or a part of it. */
export const payoutType = builder.objectRef<Payout>('Payout').implement({
  description: 'One attempt to pay a statement by bank, or a part of it while the rest is disputed.',
  subGraphs,
  authScopes: { scopeOrStaff: 'statements:read' },
  fields: (t) => {
    const amount = (name: keyof typeof AMOUNTS) =>
      t.field({
        type: moneyType,
        description: AMOUNTS[name],
        resolve: (payout) => ({ minor: payout[name], asset: payout.asset }),
      })
    return {
      id: t.exposeID('id', { description: 'Its id.' }),
      status: t.expose('status', { type: payoutStatusType, description: 'How far it is.' }),
      attempt: t.exposeInt('attempt', { description: 'Counts the attempts to pay the statement, from 1.' }),
      gross: amount('gross'),
      vat: amount('vat'),
      withholding: amount('withholding'),
      transfer: amount('transfer'),
      endToEndId: t.exposeString('endToEndId', { description: 'Goes with the payment through the banks.' }),
      account: t.string({
        nullable: true,
        description: 'The end of the account’s number, e.g. ****1234.',
        resolve: async ({ account }, _, graph) =>
          (await findBankAccount(graph.context, { id: account, partner: readerOf(graph) }))?.masked,
      }),
      settledAt: t.expose('settledAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it left our account, by our bank.',
      }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the bank rejected it, or gave it back. It is still owed, and another attempt pays it.',
      }),
      preparedAt: t.expose('preparedAt', { type: 'DateTime', description: 'When it was prepared.' }),
      statement: t.exposeID('statement', { description: 'The statement that it pays.' }),
      statementNumber: t.exposeString('statementNumber', { description: 'The same, by its number.' }),
      partner: t.field({
        type: partnerType,
        ...staffAlone,
        description: 'Who is paid.',
        resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
      }),
      batch: t.exposeID('batch', { ...staffAlone, description: 'The batch that it is in.' }),
      preparedBy: t.exposeString('preparedBy', { ...staffAlone, description: 'Who prepared it.' }),
      reason: t.exposeString('reason', {
        ...staffAlone,
        description: 'Why it is unknown, was cancelled, rejected or returned.',
      }),
      foundOutcome: t.field({
        type: foundOutcomeType,
        ...staffAlone,
        description: 'What one person found out of an unknown one: another has to tell the same.',
        resolve: ({ finding }) => finding?.outcome,
      }),
      foundEvidence: t.string({
        ...staffAlone,
        description: 'By what.',
        resolve: ({ finding }) => finding?.evidence,
      }),
      foundBy: t.string({ ...staffAlone, description: 'Who found it out.', resolve: ({ finding }) => finding?.by }),
    }
  },
})

/** Pages of payouts. */
export const payoutConnection = connectionOf(payoutType, subGraphs)

builder.queryFields((t) => ({
  payouts: t.field({
    type: payoutConnection,
    description: 'Payouts by bank in the order of their making.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: {
      batch: t.arg.id({ description: 'Of this batch alone.' }),
      status: t.arg({ type: payoutStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { batch, status, ...args }, { context }) =>
      listPayouts(context, { batch, status, page: pageIn(args) }),
  }),
  payout: t.field({
    type: payoutType,
    nullable: true,
    description: 'A payout by its id.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, { context }) => findPayout(context, id),
  }),
}))
