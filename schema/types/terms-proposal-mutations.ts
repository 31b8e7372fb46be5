import { parseStrictJson } from '../../kernel/strict-json.ts'
import { activateTerms } from '../../ledger/agreements/activate-terms.ts'
import { countersignTerms } from '../../ledger/agreements/countersign-terms.ts'
import { draftTerms } from '../../ledger/agreements/draft-terms.ts'
import { proposeTerms } from '../../ledger/agreements/propose-terms.ts'
import { signOnPaper } from '../../ledger/agreements/sign-on-paper.ts'
import { withdrawTerms } from '../../ledger/agreements/withdraw-terms.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf } from '../graph-context.ts'
import { documentFields } from './attach-document.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { countersignFields, withdrawFields } from './proposal-inputs.ts'
import { termsProposalType } from './terms-proposal.ts'

const subGraphs: GraphName[] = ['operations']
const partner: GraphName[] = ['partner']
const authScopes = { role: 'partner-manager' } as const
const key = 'The same key with the same input has one effect; 1 to 200 characters.'

const thing = { field: 'proposal', type: termsProposalType, subGraphs } as const
const draftPayload = payloadType('DraftTermsPayload', thing)
const proposePayload = payloadType('ProposeTermsPayload', thing)
const paperPayload = payloadType('SignTermsOnPaperPayload', thing)
const activatePayload = payloadType('ActivateTermsPayload', thing)
const withdrawPayload = payloadType('WithdrawTermsPayload', thing)
const countersignPayload = payloadType('CountersignTermsPayload', { ...thing, subGraphs: partner })

const draftInput = builder.inputType('DraftTermsInput', {
  description: 'What is drafted.',
  subGraphs,
  fields: (t) => ({
    programme: t.string({ required: true, description: 'Its code or id.' }),
    terms: t.string({ required: true, description: 'The terms, as the text of their JSON.' }),
    proposal: t.id({ description: 'The draft whose content this replaces; a new one when absent.' }),
    idempotencyKey: t.string({ required: true, description: key }),
  }),
})
const proposeInput = builder.inputType('ProposeTermsInput', {
  description: 'Which draft is put to its members.',
  subGraphs,
  fields: (t) => ({
    proposal: t.id({ required: true, description: 'Its id.' }),
    hash: t.string({ description: 'The hash that was read: a draft that changed since is a HASH_MISMATCH.' }),
    idempotencyKey: t.string({ required: true, description: key }),
  }),
})
const paperInput = builder.inputType('SignTermsOnPaperInput', {
  description: 'Who signed what on which paper.',
  subGraphs,
  fields: (t) => ({
    proposal: t.id({ required: true, description: 'Its id.' }),
    hash: t.string({ required: true, description: 'The hash that stands on the paper.' }),
    partner: t.string({ required: true, description: 'Code or id of the partner that signed.' }),
    document: t.field({ type: documentFields, required: true, description: 'The paper.' }),
    idempotencyKey: t.string({ required: true, description: key }),
  }),
})
const activateInput = builder.inputType('ActivateTermsInput', {
  description: 'Which proposal comes into force.',
  subGraphs,
  fields: (t) => ({
    proposal: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string({ required: true, description: key }),
  }),
})
const withdrawInput = builder.inputType('WithdrawTermsInput', {
  description: 'Which draft or proposal is taken back.',
  subGraphs,
  fields: withdrawFields,
})
const countersignInput = builder.inputType('CountersignTermsInput', {
  description: 'What is signed.',
  subGraphs: partner,
  fields: countersignFields,
})

builder.mutationFields((t) => ({
  draftTerms: t.field({
    type: draftPayload,
    description: 'Keeps terms as a draft, which the staff alone sees, or replaces one. Role partner-manager.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: draftInput, required: true, description: 'The draft.' }) },
    resolve: (_, { input: { terms, ...input } }, { context }) =>
      payloadOf(() => draftTerms(context, { ...input, terms: parseStrictJson(terms) })),
  }),
  proposeTerms: t.field({
    type: proposePayload,
    description: 'Puts a draft to the members whom it would govern; its content is fixed then. Role partner-manager.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: proposeInput, required: true, description: 'Which draft.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeTerms(context, { ...input })),
  }),
  signTermsOnPaper: t.field({
    type: paperPayload,
    description: 'Records that a member signed proposed terms on paper. Role partner-manager.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: paperInput, required: true, description: 'Who, what and where.' }) },
    resolve: (_, { input: { document, ...input } }, { context }) =>
      payloadOf(() => signOnPaper(context, { ...input, document: { ...document } })),
  }),
  activateTerms: t.field({
    type: activatePayload,
    description: 'Publishes proposed terms, once all whom they will govern have signed. Role partner-manager.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: activateInput, required: true, description: 'Which proposal.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => activateTerms(context, { ...input })),
  }),
  withdrawTerms: t.field({
    type: withdrawPayload,
    description: 'Takes a draft or a proposal back, for good. Role partner-manager.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: withdrawInput, required: true, description: 'Which one, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => withdrawTerms(context, { ...input })),
  }),
  countersignTerms: t.field({
    type: countersignPayload,
    description: 'Signs proposed terms for the partner, by their hash. Scope agreements:sign.',
    subGraphs: partner,
    authScopes: { scope: 'agreements:sign' },
    args: { input: t.arg({ type: countersignInput, required: true, description: 'What is signed.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => countersignTerms(graph.context, { ...input, caller: partnerOf(graph) })),
  }),
}))
