import type { Agreement } from '../../ledger/agreements/agreement.ts'
import { endAgreement } from '../../ledger/agreements/end-agreement.ts'
import { listAgreements } from '../../ledger/agreements/list-agreements.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { contractDocumentType, contractReaders, documentsOf } from './contract-document.ts'
import { dataScopeType } from './data-scope.ts'
import { agreementStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { programmeNamed, programmeType } from './programme.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']

/** A membership. */
export const agreementType = builder.objectRef<Agreement>('Agreement').implement({
  description: 'One partner’s membership of a programme.',
  subGraphs,
  authScopes: contractReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    programme: t.field({
      type: programmeType,
      nullable: true,
      description: 'In which programme.',
      resolve: ({ programme }, _, graph) => programmeNamed(graph, programme),
    }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      subGraphs: operations,
      description: 'Whose it is.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'The first instant at which it runs.' }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The first instant at which it does not run any more, where that is known.',
    }),
    status: t.expose('status', { type: agreementStatusType, description: 'Whether it was ended.' }),
    dataScope: t.field({
      type: [dataScopeType],
      nullable: true,
      description: 'Which tags its partner may ask customers for; absent where it says nothing of data.',
      resolve: ({ dataScope }) => dataScope,
    }),
    endReason: t.string({
      nullable: true,
      description: 'Why it was ended.',
      resolve: ({ end }) => end?.reason,
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When that was stored.',
      resolve: ({ end }) => end?.endedAt,
    }),
    endRecord: t.id({
      nullable: true,
      description: 'The record of that in the log.',
      resolve: ({ end }) => end?.record,
    }),
    documents: t.field({
      type: [contractDocumentType],
      description: 'Its papers and files, oldest first.',
      resolve: ({ id }, _, graph) => documentsOf(graph, id),
    }),
  }),
})

const agreements = connectionOf(agreementType, subGraphs)
const endPayload = payloadType('EndAgreementPayload', {
  field: 'agreement',
  type: agreementType,
  subGraphs: operations,
})

const endInput = builder.inputType('EndAgreementInput', {
  description: 'Which agreement ends when.',
  subGraphs: operations,
  fields: (t) => ({
    agreement: t.id({ required: true, description: 'Its id.' }),
    at: t.field({
      type: 'DateTime',
      required: true,
      description: 'The first instant at which it does not run any more; not in a settled month.',
    }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters, which its partner reads.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.queryFields((t) => ({
  agreements: t.field({
    type: agreements,
    description: 'Memberships, oldest first: a partner’s own, or all. Scope agreements:sign.',
    subGraphs,
    authScopes: contractReaders,
    args: pageArgs,
    resolve: (_, args, graph) => listAgreements(graph.context, { partner: readerOf(graph), page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  endAgreement: t.field({
    type: endPayload,
    description: 'Ends a membership, once and for good. What was earned until then is settled. Role partner-manager.',
    subGraphs: operations,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: endInput, required: true, description: 'Which one, when and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => endAgreement(context, { ...input })),
  }),
}))
