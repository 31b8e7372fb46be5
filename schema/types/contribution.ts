import type { FactResult } from '../../ledger/facts/fact-result.ts'
import { listContributions } from '../../ledger/facts/list-contributions.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf } from '../graph-context.ts'
import { reportObserved } from '../report-observed.ts'
import { contributionConnection, contributionReaders } from './contribution-type.ts'
import { contributionKindType, factOutcomeType } from './enums.ts'
import { pageArgs, pageIn } from './pages.ts'
import { type Payload, payloadOf, userErrorType } from './payloads.ts'

const subGraphs: GraphName[] = ['partner']
const resultType = builder.objectRef<FactResult>('ContributionResult').implement({
  description: 'What became of one item; the others stand whatever it was.',
  subGraphs,
  authScopes: { scope: 'contributions:write' },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its key, where it could be read.' }),
    outcome: t.expose('outcome', { type: factOutcomeType, description: 'Stored or refused.' }),
    id: t.id({ nullable: true, description: 'Id of the contribution.', resolve: (it) => ('id' in it ? it.id : null) }),
    code: t.string({ nullable: true, description: 'Why refused.', resolve: (it) => ('code' in it ? it.code : null) }),
    message: t.string({
      nullable: true,
      description: 'Why refused, in a sentence.',
      resolve: (it) => ('message' in it ? it.message : null),
    }),
    field: t.string({
      nullable: true,
      description: 'The field at fault.',
      resolve: (it) => ('field' in it ? it.field : null),
    }),
  }),
})

const productRefInput = builder.inputType('ProductRefInput', {
  description: 'A product as its source knows it.',
  subGraphs,
  fields: (t) => ({
    source: t.string({ required: true, description: 'The system that knows it.' }),
    externalId: t.string({ required: true, description: 'Its key there.' }),
  }),
})

const contributionInput = builder.inputType('ContributionInput', {
  description: 'One contribution; its customer is named by either subject or lead, traffic may name nobody.',
  subGraphs,
  fields: (t) => ({
    externalId: t.string({ required: true, description: 'The partner’s own key: the same again has one effect.' }),
    kind: t.field({ type: contributionKindType, required: true, description: 'What was done.' }),
    subject: t.id({ description: 'Pseudonym of the customer.' }),
    lead: t.string({ description: 'The lead.' }),
    occurredAt: t.field({ type: 'DateTime', required: true, description: 'When it was done.' }),
    quantity: t.string({
      description: 'How many, a whole number; of a course, the units that are done. 1 when absent.',
    }),
    campaign: t.string({ description: 'The campaign.' }),
    market: t.string({ description: 'The market.' }),
    product: t.field({ type: productRefInput, description: 'The product that it was about.' }),
    agreement: t.id({ description: 'The agreement that it falls under, where there are several.' }),
    course: t.string({ description: 'Of COURSE_COMPLETION, which needs it: key of the course.' }),
    units: t.string({
      description: 'Of COURSE_COMPLETION, which needs it: units of the course in all, a whole number from 1.',
    }),
    unit: t.string({ description: 'Of TRAFFIC, which needs it: what is counted, as the terms name it.' }),
    score: t.string({ description: 'Of SERVICE_OUTCOME, which needs it: how well it went, a whole number from 0.' }),
    referrer: t.id({ description: 'Of REFERRAL: pseudonym of the customer who referred, where it was one.' }),
    asset: t.string({ description: 'Asset of its value, e.g. CNY/2.' }),
    amount: t.string({ description: 'Its value as a decimal; either this or minor.' }),
    minor: t.string({ description: 'Its value in whole minor units.' }),
  }),
})

const reportInput = builder.inputType('ReportContributionsInput', {
  description: 'Up to 10,000 contributions.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({
      description: 'May be left out: each externalId already has one effect, whatever the key.',
    }),
    items: t.field({ type: [contributionInput], required: true, description: 'The contributions.' }),
  }),
})

const reportPayload = builder.objectRef<Payload<readonly FactResult[]>>('ReportContributionsPayload').implement({
  description: 'What ReportContributions did.',
  subGraphs,
  fields: (t) => ({
    results: t.field({
      type: [resultType],
      description: 'A result for each item, in their order; empty when there are user errors.',
      resolve: ({ value }) => value ?? [],
    }),
    userErrors: t.field({
      type: [userErrorType],
      description: 'Why the batch as a whole was refused.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
})

builder.queryFields((t) => ({
  contributions: t.field({
    type: contributionConnection,
    description:
      'The partner’s own contributions, the last reported first. Scope contributions:write or statements:read.',
    subGraphs,
    authScopes: contributionReaders,
    args: pageArgs,
    resolve: (_, args, graph) => listContributions(graph.context, { caller: partnerOf(graph), page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  reportContributions: t.field({
    type: reportPayload,
    description: 'Stores what the partner did; a refused item leaves the others standing. Scope contributions:write.',
    subGraphs,
    authScopes: { scope: 'contributions:write' },
    args: { input: t.arg({ type: reportInput, required: true, description: 'The contributions.' }) },
    resolve: (_, { input: { items } }, graph) =>
      payloadOf(() => reportObserved(graph.context, { caller: partnerOf(graph), items })),
  }),
}))
