import { type Id, isId } from '../../kernel/ids.ts'
import { listAwaited } from '../../ledger/agreements/list-awaited.ts'
import { listSignatures } from '../../ledger/agreements/list-signatures.ts'
import { listTermsProposals } from '../../ledger/agreements/list-terms-proposals.ts'
import type { TermsProposal } from '../../ledger/agreements/terms-proposal.ts'
import type { TermsSignature } from '../../ledger/agreements/terms-signature.ts'
import { batched } from '../batched.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf, readerOf } from '../graph-context.ts'
import { contractDocumentType, contractReaders, documentsOf } from './contract-document.ts'
import { termsProposalStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { programmeNamed, programmeType } from './programme.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']

const signatureType = builder.objectRef<TermsSignature>('TermsSignature').implement({
  description: 'That a member agrees to proposed terms.',
  subGraphs,
  authScopes: contractReaders,
  fields: (t) => ({
    partner: t.field({
      type: partnerType,
      nullable: true,
      subGraphs: operations,
      description: 'Who signed.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    agreement: t.exposeID('agreement', { description: 'The membership for which it signed.' }),
    hash: t.exposeString('hash', { description: 'SHA-256 of what it signed.' }),
    client: t.exposeID('client', { nullable: true, description: 'The client that signed, where it was not on paper.' }),
    document: t.exposeID('document', { nullable: true, description: 'The signed paper, where it was on paper.' }),
    signedAt: t.expose('signedAt', { type: 'DateTime', description: 'When that was stored.' }),
    record: t.exposeID('record', { description: 'Its record in the log, which can be proven.' }),
  }),
})

/** A version of terms on its way into force. */
export const termsProposalType = builder.objectRef<TermsProposal>('TermsProposal').implement({
  description: 'A version of a programme’s terms on its way into force.',
  subGraphs,
  authScopes: contractReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    programme: t.field({
      type: programmeType,
      nullable: true,
      description: 'Of which programme.',
      resolve: ({ programme }, _, graph) => programmeNamed(graph, programme),
    }),
    status: t.expose('status', { type: termsProposalStatusType, description: 'Where it stands.' }),
    version: t.exposeInt('version', { description: 'The version that it would be.' }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'DateTime', description: 'When it would come into force.' }),
    body: t.exposeString('body', {
      description: 'The terms as canonical JSON (RFC 8785, integers as text), every default written out.',
    }),
    hash: t.exposeString('hash', { description: 'SHA-256 of the body in UTF-8, hexadecimal: what is signed.' }),
    terms: t.exposeID('terms', { nullable: true, description: 'Id of the published version that it became.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was withdrawn.' }),
    draftedAt: t.expose('draftedAt', { type: 'DateTime', subGraphs: operations, description: 'When it was begun.' }),
    proposedAt: t.expose('proposedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was put to its members; its content is fixed since.',
    }),
    changedAt: t.expose('changedAt', { type: 'DateTime', description: 'When it came to stand where it stands.' }),
    record: t.exposeID('record', { subGraphs: operations, description: 'The record of what happened to it last.' }),
    signature: t.field({
      type: signatureType,
      nullable: true,
      subGraphs: ['partner'],
      description: 'The partner’s own signature.',
      resolve: async ({ id }, _, graph) => (await signaturesOf(graph, id))?.[0],
    }),
    signatures: t.field({
      type: [signatureType],
      subGraphs: operations,
      description: 'Who has signed.',
      resolve: async ({ id }, _, graph) => (await signaturesOf(graph, id)) ?? [],
    }),
    awaited: t.stringList({
      subGraphs: operations,
      description: 'Codes of members whose signature is awaited.',
      resolve: async ({ id }, _, graph) => (await awaitedOf(graph, id)) ?? [],
    }),
    documents: t.field({
      type: [contractDocumentType],
      description: 'Its papers and files, oldest first; a partner does not see those on which others signed.',
      resolve: ({ id }, _, graph) => documentsOf(graph, id),
    }),
  }),
})

const proposals = connectionOf(termsProposalType, subGraphs)

builder.queryFields((t) => ({
  termsProposals: t.field({
    type: proposals,
    description:
      'Terms on their way, the last drafted first: those that were put to the partner, or all. Scope agreements:sign.',
    subGraphs,
    authScopes: contractReaders,
    args: { programme: t.arg.string({ description: 'Of this programme only, by code or id.' }), ...pageArgs },
    resolve: (_, { programme, ...args }, graph) =>
      listTermsProposals(graph.context, {
        programme,
        caller: graph.caller.kind === 'staff' ? undefined : partnerOf(graph),
        page: pageIn(args),
      }),
  }),
}))

const signaturesOf = batched((graph: GraphContext, ids): Promise<ReadonlyMap<string, readonly TermsSignature[]>> => {
  return listSignatures(graph.context, { proposals: ids.filter(isProposal), partner: readerOf(graph) })
})

const awaitedOf = batched(({ context }: GraphContext, ids): Promise<ReadonlyMap<string, readonly string[]>> => {
  return listAwaited(context, { proposals: ids.filter(isProposal) })
})

function isProposal(id: string): id is Id<'tpr'> {
  return isId('tpr', id)
}
