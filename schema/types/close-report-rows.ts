import type { Asset, Money } from '../../kernel/money.ts'
import type { CloseReport } from '../../ledger/reports/close-report.ts'
import { builder, type GraphName } from '../builder.ts'
import { ageBucketType, payableKindType, railType, reportSectionType } from './enums.ts'
import { moneyType } from './money.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const
type RowOf<K extends keyof CloseReport> = CloseReport[K] extends readonly (infer Row)[] ? Row : never

export const movedType = builder.objectRef<RowOf<'movements'>>('AccountMovement').implement({
  description: 'An account in the month: opening + debits − credits = closing; positive is debit.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    account: t.exposeString('account', { description: 'The account; those of customers are told as one.' }),
    opening: t.field({
      type: moneyType,
      description: 'Before the month.',
      resolve: ({ asset, opening }) => money(asset, opening),
    }),
    debits: t.field({
      type: moneyType,
      description: 'All debits in it.',
      resolve: ({ asset, debits }) => money(asset, debits),
    }),
    credits: t.field({
      type: moneyType,
      description: 'All credits in it.',
      resolve: ({ asset, credits }) => money(asset, credits),
    }),
    closing: t.field({
      type: moneyType,
      description: 'After it: the trial balance.',
      resolve: ({ asset, closing }) => money(asset, closing),
    }),
  }),
})

export const payableType = builder.objectRef<RowOf<'payables'>>('Payable').implement({
  description: 'Something that is owed to a partner.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    kind: t.expose('kind', { type: payableKindType, description: 'What it is owed for.' }),
    partner: t.exposeString('partner', { description: 'The partner’s code.' }),
    programme: t.exposeString('programme', { nullable: true, description: 'The programme’s code.' }),
    statement: t.exposeString('number', { nullable: true, description: 'The statement’s number.' }),
    owed: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => money(asset, minor) }),
    dueAt: t.expose('dueAt', { type: 'DateTime', nullable: true, description: 'When it is due; carried is not.' }),
    days: t.exposeInt('days', { description: 'Whole days since it is due.' }),
    age: t.expose('bucket', { type: ageBucketType, description: 'The same in steps.' }),
  }),
})

export const receivableType = builder.objectRef<RowOf<'receivables'>>('Receivable').implement({
  description: 'What a partner owes by one agreement.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    partner: t.exposeString('partner', { description: 'The partner’s code.' }),
    programme: t.exposeString('programme', { description: 'The programme’s code.' }),
    agreement: t.exposeID('agreement', { description: 'The agreement’s id.' }),
    owed: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => money(asset, minor) }),
    since: t.expose('since', { type: 'DateTime', description: 'Since when, without a break.' }),
    days: t.exposeInt('days', { description: 'Whole days since then.' }),
    age: t.expose('bucket', { type: ageBucketType, description: 'The same in steps.' }),
  }),
})

export const holdbackType = builder.objectRef<RowOf<'holdbacks'>>('Holdback').implement({
  description: 'What is held back of one agreement until a month.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    partner: t.exposeString('partner', { description: 'The partner’s code.' }),
    programme: t.exposeString('programme', { description: 'The programme’s code.' }),
    agreement: t.exposeID('agreement', { description: 'The agreement’s id.' }),
    releaseMonth: t.exposeString('releaseMonth', { description: 'The month whose statement releases it.' }),
    held: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => money(asset, minor) }),
  }),
})

export const pointsWorthType = builder.objectRef<RowOf<'points'>>('PointsWorth').implement({
  description: 'Points of one programme that are there, and the money set aside for them.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    programme: t.exposeString('programme', { description: 'The programme’s code.' }),
    points: t.string({ description: 'How many, a whole number.', resolve: ({ points }) => `${points}` }),
    worth: t.field({ type: moneyType, description: 'Set aside.', resolve: ({ asset, minor }) => money(asset, minor) }),
  }),
})

export const underWayType = builder.objectRef<RowOf<'payments'>>('PaymentUnderWay').implement({
  description: 'A payment that is instructed and has neither arrived nor was rejected.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    payment: t.exposeID('payment', { description: 'Id of the payout, or of the round on a chain.' }),
    rail: t.expose('rail', { type: railType, description: 'By which way.' }),
    statement: t.exposeString('number', { description: 'The statement’s number.' }),
    partner: t.exposeString('partner', { description: 'The partner’s code.' }),
    amount: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => money(asset, minor) }),
    instructedAt: t.expose('instructedAt', { type: 'DateTime', description: 'When it was instructed.' }),
  }),
})

export const taxType = builder.objectRef<RowOf<'taxes'>>('PostedTax').implement({
  description: 'Tax that is posted with the payment of a statement, or otherwise.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    cause: t.exposeString('cause', { description: 'The statement’s number, or the entry’s reference.' }),
    partner: t.exposeString('partner', { nullable: true, description: 'The partner’s code.' }),
    vat: t.field({ type: moneyType, description: 'To be claimed.', resolve: ({ asset, vat }) => money(asset, vat) }),
    withholding: t.field({
      type: moneyType,
      description: 'Withheld and not remitted.',
      resolve: ({ asset, withholding }) => money(asset, withholding),
    }),
  }),
})

export const checkType = builder.objectRef<RowOf<'sections'>>('SectionCheck').implement({
  description: 'What a part of the report comes to in one asset, and what the journal has; positive is debit.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    section: t.expose('section', { type: reportSectionType, description: 'Which part.' }),
    told: t.field({ type: moneyType, description: 'By the books.', resolve: ({ asset, told }) => money(asset, told) }),
    journal: t.field({
      type: moneyType,
      description: 'By the journal.',
      resolve: ({ asset, journal }) => money(asset, journal),
    }),
    agrees: t.exposeBoolean('agrees', { description: 'Whether they are the same, account by account.' }),
  }),
})

export const accountCheckType = builder.objectRef<RowOf<'differences'>>('AccountDifference').implement({
  description: 'An account on which the books and the journal differ.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    section: t.expose('section', { type: reportSectionType, description: 'Which part of the report it is of.' }),
    account: t.exposeString('account', { description: 'The account.' }),
    told: t.field({ type: moneyType, description: 'By the books.', resolve: ({ asset, told }) => money(asset, told) }),
    journal: t.field({
      type: moneyType,
      description: 'By the journal.',
      resolve: ({ asset, journal }) => money(asset, journal),
    }),
  }),
})

function money(asset: Asset, minor: bigint): Money {
  return { asset, minor }
}
