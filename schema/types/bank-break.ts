import { ageInDays, type BankBreak, type Proposal } from '../../ledger/reconciliation/bank-break.ts'
import { listBreaks } from '../../ledger/reconciliation/list-breaks.ts'
import { builder, type GraphName } from '../builder.ts'
import { bankBreakKindType, bankBreakStatusType, bankProposalKindType, bankResolutionType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

const proposalType = builder.objectRef<Proposal>('BankProposal').implement({
  description: 'What one person proposes for a break.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    kind: t.expose('kind', { type: bankProposalKindType, description: 'What is proposed.' }),
    account: t.exposeString('account', { nullable: true, description: 'The account of the journal to book against.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    by: t.exposeString('by', { description: 'Who proposed it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
})

export const bankBreakType = builder.objectRef<BankBreak>('BankBreak').implement({
  description: 'What does not fit between a bank and the ledger.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.expose('kind', { type: bankBreakKindType, description: 'What does not fit.' }),
    about: t.exposeString('about', { description: 'The same in a sentence.' }),
    amount: t.field({
      type: moneyType,
      description: 'What is not accounted for; positive is money at the bank.',
      resolve: ({ asset, minor }) => ({ asset, minor }),
    }),
    entry: t.exposeID('entry', { nullable: true, description: 'The bank’s entry that it is about.' }),
    payout: t.exposeID('payout', { nullable: true, description: 'The payout that is meant.' }),
    gapOn: t.exposeString('gapOn', { nullable: true, description: 'Of a gap: the day of the closing balance.' }),
    owner: t.exposeString('owner', { nullable: true, description: 'Who looks after it.' }),
    ageDays: t.int({
      description: 'Whole days for which it is open, or was.',
      resolve: (one, _, { context }) => ageInDays(one, context.clock.now()),
    }),
    status: t.expose('status', { type: bankBreakStatusType, description: 'Whether it is open.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was found.' }),
    proposal: t.expose('proposal', {
      type: proposalType,
      nullable: true,
      description: 'What waits for a second person.',
    }),
    resolution: t.expose('resolution', { type: bankResolutionType, nullable: true, description: 'By what it ended.' }),
    resolvedBy: t.exposeString('resolvedBy', { nullable: true, description: 'Who resolved it.' }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
  }),
})

const breakConnection = connectionOf(bankBreakType, subGraphs)

builder.queryFields((t) => ({
  bankBreaks: t.field({
    type: breakConnection,
    description: 'The queue of what does not fit, the oldest first.',
    subGraphs,
    authScopes,
    args: {
      ownAccount: t.arg.string({ description: 'Of this account of ours alone, by code.' }),
      status: t.arg({ type: bankBreakStatusType, description: 'Those alone in this status.' }),
      kind: t.arg({ type: bankBreakKindType, description: 'Those alone of this kind.' }),
      owner: t.arg.string({ description: 'Of this owner alone, e.g. staff:alice.' }),
      ...pageArgs,
    },
    resolve: (_, { ownAccount, status, kind, owner, ...args }, { context }) =>
      listBreaks(context, { ownAccount, status, kind, owner, page: pageIn(args) }),
  }),
}))
