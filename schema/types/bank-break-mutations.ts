import { approveResolution } from '../../ledger/reconciliation/approve-resolution.ts'
import { assignBreak } from '../../ledger/reconciliation/assign-break.ts'
import { BOOKING_ACCOUNT_NAMES } from '../../ledger/reconciliation/booking-accounts.ts'
import { declineResolution } from '../../ledger/reconciliation/decline-resolution.ts'
import { type MatchReport, matchBankEntries } from '../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../ledger/reconciliation/propose-resolution.ts'
import { resolveBreak } from '../../ledger/reconciliation/resolve-break.ts'
import { builder, type GraphName } from '../builder.ts'
import { bankBreakType } from './bank-break.ts'
import { bankProposalKindType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'finance' } as const
const BREAK = { required: true, description: 'The break’s id.' } as const
const REASON = { required: true, description: 'Why, up to 300 characters.' } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const
const payloadNamed = (name: string) => payloadType(name, { field: 'break', type: bankBreakType, subGraphs })

const matchReportType = builder.objectRef<MatchReport>('BankMatchReport').implement({
  description: 'What a run of matching did.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    matched: t.exposeInt('matched', { description: 'Entries that settle or return payouts.' }),
    charged: t.exposeInt('charged', { description: 'Charges that were booked.' }),
    unmatched: t.exposeInt('unmatched', { description: 'Entries that do not fit.' }),
  }),
})
const matchPayload = payloadType('MatchBankEntriesPayload', { field: 'report', type: matchReportType, subGraphs })
const assignPayload = payloadNamed('AssignBankBreakPayload')
const resolvePayload = payloadNamed('ResolveBankBreakPayload')
const proposePayload = payloadNamed('ProposeBankResolutionPayload')
const approvePayload = payloadNamed('ApproveBankResolutionPayload')
const declinePayload = payloadNamed('DeclineBankResolutionPayload')

const matchInput = builder.inputType('MatchBankEntriesInput', {
  description: 'Which entries are matched. Each is matched once, however often this is asked.',
  subGraphs,
  fields: (t) => ({ ownAccount: t.string({ description: 'Code of an account of ours; all when absent.' }) }),
})
const assignInput = builder.inputType('AssignBankBreakInput', {
  description: 'Who looks after which break.',
  subGraphs,
  fields: (t) => ({
    break: t.id(BREAK),
    owner: t.string({ description: 'E.g. staff:alice; nobody when absent.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const resolveInput = builder.inputType('ResolveBankBreakInput', {
  description: 'What an entry is: one of payout, journalEntry and repaymentOf.',
  subGraphs,
  fields: (t) => ({
    break: t.id(BREAK),
    payout: t.id({ description: 'It settles this payout, or returns it.' }),
    journalEntry: t.id({ description: 'This entry of the journal stands for it.' }),
    repaymentOf: t.id({ description: 'A partner pays back what it owed by this agreement.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const proposeInput = builder.inputType('ProposeBankResolutionInput', {
  description: 'How a break is to be resolved.',
  subGraphs,
  fields: (t) => ({
    break: t.id(BREAK),
    kind: t.field({ type: bankProposalKindType, required: true, description: 'What is proposed.' }),
    account: t.string({ description: `For BOOKED: one of ${BOOKING_ACCOUNT_NAMES.join(', ')}.` }),
    reason: t.string(REASON),
    idempotencyKey: t.string(KEY),
  }),
})
const approveInput = builder.inputType('ApproveBankResolutionInput', {
  description: 'Of which break the proposal is approved, as it was looked at.',
  subGraphs,
  fields: (t) => ({
    break: t.id(BREAK),
    kind: t.field({ type: bankProposalKindType, required: true, description: 'What is proposed.' }),
    account: t.string({ description: 'For BOOKED: the account that is proposed.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const declineInput = builder.inputType('DeclineBankResolutionInput', {
  description: 'Of which break the proposal is declined, and why.',
  subGraphs,
  fields: (t) => ({ break: t.id(BREAK), reason: t.string(REASON), idempotencyKey: t.string(KEY) }),
})

builder.mutationFields((t) => ({
  matchBankEntries: t.field({
    type: matchPayload,
    description: 'Matches entries of banks with payouts, and tells what does not fit. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: matchInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => matchBankEntries(context, { ...input })),
  }),
  assignBankBreak: t.field({
    type: assignPayload,
    description: 'Says who looks after a break. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: assignInput, required: true, description: 'Which, and who.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => assignBreak(context, { ...input })),
  }),
  resolveBankBreak: t.field({
    type: resolvePayload,
    description: 'Says by hand what an entry of a bank is, at exactly its amount. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: resolveInput, required: true, description: 'Which, and what.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => resolveBreak(context, { ...input })),
  }),
  proposeBankResolution: t.field({
    type: proposePayload,
    description: 'Proposes to book, to write off or to set aside; another person approves. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: proposeInput, required: true, description: 'What is proposed.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeResolution(context, { ...input })),
  }),
  approveBankResolution: t.field({
    type: approvePayload,
    description: 'Approves what another person proposed for a break, and does it. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: approveInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approveResolution(context, { ...input })),
  }),
  declineBankResolution: t.field({
    type: declinePayload,
    description: 'Declines what is proposed for a break, which stays open. Role finance.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: declineInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => declineResolution(context, { ...input })),
  }),
}))
