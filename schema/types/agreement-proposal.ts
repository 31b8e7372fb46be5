import type { AgreementProposal } from '../../ledger/agreements/agreement-proposal.ts'
import { countersignAgreement } from '../../ledger/agreements/countersign-agreement.ts'
import { listAgreementProposals } from '../../ledger/agreements/list-agreement-proposals.ts'
import { proposeAgreement } from '../../ledger/agreements/propose-agreement.ts'
import { withdrawAgreement } from '../../ledger/agreements/withdraw-agreement.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf, readerOf } from '../graph-context.ts'
import { contractReaders } from './contract-document.ts'
import { dataScopeInput } from './data-scope.ts'
import { agreementProposalStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { programmeNamed, programmeType } from './programme.ts'
import { countersignFields, withdrawFields } from './proposal-inputs.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']
const partner: GraphName[] = ['partner']
const manager = { role: 'partner-manager' } as const

const proposalType = builder.objectRef<AgreementProposal>('AgreementProposal').implement({
  description: 'A membership that the broker offers to a partner.',
  subGraphs,
  authScopes: contractReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    programme: t.field({
      type: programmeType,
      nullable: true,
      description: 'In which programme.',
      resolve: (proposal, _, graph) => programmeNamed(graph, proposal.programme),
    }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      subGraphs: operations,
      description: 'To whom.',
      resolve: (proposal, _, graph) => partnerNamed(graph, proposal.partner),
    }),
    status: t.expose('status', { type: agreementProposalStatusType, description: 'Where it stands.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'The first instant at which it would run.' }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The first instant at which it would not run any more.',
    }),
    body: t.exposeString('body', {
      description:
        'What is signed, as canonical JSON (RFC 8785, integers as text), with the hash of the terms in force at its start.',
    }),
    hash: t.exposeString('hash', { description: 'SHA-256 of the body in UTF-8, hexadecimal: what is signed.' }),
    agreement: t.exposeID('agreement', { nullable: true, description: 'Id of the agreement that it became.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was withdrawn.' }),
    proposedAt: t.expose('proposedAt', { type: 'DateTime', description: 'When it was offered.' }),
    record: t.exposeID('record', { description: 'The record of what happened to it last.' }),
  }),
})

const proposals = connectionOf(proposalType, subGraphs)
const thing = { field: 'proposal', type: proposalType } as const
const proposePayload = payloadType('ProposeAgreementPayload', { ...thing, subGraphs: operations })
const withdrawPayload = payloadType('WithdrawAgreementPayload', { ...thing, subGraphs: operations })
const countersignPayload = payloadType('CountersignAgreementPayload', { ...thing, subGraphs: partner })

const proposeInput = builder.inputType('ProposeAgreementInput', {
  description: 'Who is to be a member of what, from when.',
  subGraphs: operations,
  fields: (t) => ({
    programme: t.string({ required: true, description: 'Code or id.' }),
    partner: t.string({ required: true, description: 'Code or id.' }),
    from: t.field({ type: 'DateTime', required: true, description: 'The first instant.' }),
    to: t.field({ type: 'DateTime', description: 'The first instant after it; for good when absent.' }),
    dataScope: t.field({
      type: [dataScopeInput],
      description: 'Which tags the partner may ask customers for; it says nothing of data when absent.',
    }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})
const withdrawInput = builder.inputType('WithdrawAgreementInput', {
  description: 'Which offer is taken back.',
  subGraphs: operations,
  fields: withdrawFields,
})
const countersignInput = builder.inputType('CountersignAgreementInput', {
  description: 'What is signed.',
  subGraphs: partner,
  fields: countersignFields,
})

builder.queryFields((t) => ({
  agreementProposals: t.field({
    type: proposals,
    description: 'Offered memberships, the last first: those to the partner, or all. Scope agreements:sign.',
    subGraphs,
    authScopes: contractReaders,
    args: pageArgs,
    resolve: (_, args, graph) =>
      listAgreementProposals(graph.context, { partner: readerOf(graph), page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  proposeAgreement: t.field({
    type: proposePayload,
    description:
      'Offers a partner the membership of a programme; it is none before it is signed. Role partner-manager.',
    subGraphs: operations,
    authScopes: manager,
    args: { input: t.arg({ type: proposeInput, required: true, description: 'The membership.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeAgreement(context, { ...input })),
  }),
  withdrawAgreement: t.field({
    type: withdrawPayload,
    description: 'Takes an offered membership back, for good. Role partner-manager.',
    subGraphs: operations,
    authScopes: manager,
    args: { input: t.arg({ type: withdrawInput, required: true, description: 'Which one, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => withdrawAgreement(context, { ...input })),
  }),
  countersignAgreement: t.field({
    type: countersignPayload,
    description: 'Signs an offered membership for the partner: it is an agreement then. Scope agreements:sign.',
    subGraphs: partner,
    authScopes: { scope: 'agreements:sign' },
    args: { input: t.arg({ type: countersignInput, required: true, description: 'What is signed.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => countersignAgreement(graph.context, { ...input, caller: partnerOf(graph) })),
  }),
}))
