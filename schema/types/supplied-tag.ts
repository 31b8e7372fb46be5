import { listSuppliedTags } from '../../customers/supply/list-supplied-tags.ts'
import { listUses } from '../../customers/supply/list-uses.ts'
import type { SuppliedTag } from '../../customers/supply/store/supplied-tags.ts'
import type { TagUse } from '../../customers/supply/store/tag-uses.ts'
import { type SupplyResult, supplyTags } from '../../customers/supply/supply-tags.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf, partnerOf } from '../graph-context.ts'
import { supplyOutcomeType } from './enums.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { type Payload, payloadOf, userErrorType } from './payloads.ts'

const subGraphs: GraphName[] = ['partner']
const authScopes = { scope: 'tags:supply' } as const

const supplyInput = builder.inputType('SuppliedTagInput', {
  description: 'A value of a tag that the partner knows of a customer.',
  subGraphs,
  fields: (t) => ({
    subject: t.id({ required: true, description: 'The pseudonym of the customer.' }),
    key: t.string({ required: true, description: 'Key of the tag.' }),
    value: t.string({ required: true, description: 'Its value, as the tag’s type is written.' }),
    observedAt: t.field({ type: 'DateTime', required: true, description: 'When it was so; not in the future.' }),
    quality: t.int({ description: 'How sure the partner is, in thousandths; 1000 when absent.' }),
  }),
})

const supplyTagsInput = builder.inputType('SupplyTagsInput', {
  description: 'Up to 1,000 values.',
  subGraphs,
  fields: (t) => ({
    idempotencyKey: t.string({
      required: true,
      description: 'The same key with the same input has one effect; 1 to 200 characters.',
    }),
    items: t.field({ type: [supplyInput], required: true, description: 'The values.' }),
  }),
})

const resultType = builder.objectRef<SupplyResult>('SupplyResult').implement({
  description: 'What became of one value; the others stand whatever it was.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    outcome: t.expose('outcome', { type: supplyOutcomeType, description: 'Kept, older than what stands, or refused.' }),
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

const supplyTagsPayload = builder.objectRef<Payload<readonly SupplyResult[]>>('SupplyTagsPayload').implement({
  description: 'What SupplyTags did.',
  subGraphs,
  fields: (t) => ({
    results: t.field({
      type: [resultType],
      description: 'A result for each value, in their order; empty when there are user errors.',
      resolve: ({ value }) => value ?? [],
    }),
    userErrors: t.field({
      type: [userErrorType],
      description: 'Why the batch as a whole was refused.',
      resolve: ({ userErrors }) => userErrors,
    }),
  }),
})

builder.mutationField('supplyTags', (t) =>
  t.field({
    type: supplyTagsPayload,
    description:
      'Takes values of tags of customers who let the partner supply them; a refused one leaves the others standing. Partners of kind DATA. Scope tags:supply.',
    subGraphs,
    authScopes,
    args: { input: t.arg({ type: supplyTagsInput, required: true, description: 'The values.' }) },
    resolve: (_, { input: { idempotencyKey, items } }, graph) => {
      const given = items.map(({ quality, ...item }) => ({ ...item, ...(quality == null ? {} : { quality }) }))
      return payloadOf(() => supplyTags(graph.context, { caller: partnerOf(graph), idempotencyKey, items: given }))
    },
  }),
)

const tagUseType = builder.objectRef<TagUse>('TagUse').implement({
  description: 'How often other partners read what this one supplied of a tag.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Key of the tag.' }),
    uses: t.exposeInt('uses', { description: 'How often.' }),
    customers: t.int({
      nullable: true,
      description: 'Of how many customers; absent where they are fewer than ten.',
      resolve: ({ customers }) => customers ?? null,
    }),
  }),
})

builder.queryField('tagUses', (t) =>
  t.field({
    type: [tagUseType],
    description:
      'What other partners read of what this one supplied. Days that are over become contributions: TRAFFIC of the unit TAG_USE. Scope tags:supply.',
    subGraphs,
    authScopes,
    args: { month: t.arg.string({ required: true, description: 'The month (UTC), such as 2026-01.' }) },
    resolve: (_, { month }, graph) => listUses(graph.context, { caller: partnerOf(graph), month }),
  }),
)

const suppliedTagType = builder.objectRef<SuppliedTag>('SuppliedTag').implement({
  description: 'A value of a tag that a partner supplied of the customer.',
  subGraphs: ['customer'],
  authScopes: { kind: 'customer' },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Key of the tag.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
    supplier: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who supplied it.',
      resolve: ({ supplier }, _, graph) => partnerNamed(graph, supplier),
    }),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When it was so, as the partner says.' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When the partner supplied it.' }),
    quality: t.exposeInt('quality', { description: 'How sure the partner is, in thousandths.' }),
    counts: t.exposeBoolean('counts', {
      description: 'Whether the customer lets the partner supply it still; if not, nobody reads it.',
    }),
  }),
})

builder.queryField('suppliedTags', (t) =>
  t.field({
    type: [suppliedTagType],
    description: 'What partners supplied of the customer, by tag.',
    subGraphs: ['customer'],
    authScopes: { kind: 'customer' },
    resolve: (_, __, graph) => listSuppliedTags(graph.context, { accountKey: customerOf(graph).accountKey }),
  }),
)
