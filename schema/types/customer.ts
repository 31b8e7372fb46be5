import type { CustomerView, ViewedTag } from '../../customers/customer-view.ts'
import { pageCustomers } from '../../customers/page-customers.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import { findReferences } from '../../customers/references/find-references.ts'
import { readByReference } from '../../customers/references/read-by-reference.ts'
import { batched } from '../batched.ts'
import { builder } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { granularityType, tagSourceType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const viewedTagType = builder.objectRef<ViewedTag>('CustomerTag').implement({
  description: 'A tag in an answer. Unknown, not consented and empty look alike: no value and no granularity.',
  subGraphs: ['partner'],
  authScopes: { scope: 'customers:read' },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key.' }),
    granularity: t.expose('granularity', {
      type: granularityType,
      nullable: true,
      description: 'How exactly it was consented.',
    }),
    value: t.exposeString('value', { nullable: true, description: 'What may be seen of it.' }),
    source: t.field({
      type: tagSourceType,
      nullable: true,
      description: 'Who knows it; absent where there is no value.',
      resolve: ({ value, supply }) => (value === null ? null : supply === undefined ? 'BROKER' : 'PARTNER'),
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was so, where a partner supplied it.',
      resolve: ({ supply }) => supply?.observedAt ?? null,
    }),
    quality: t.int({
      nullable: true,
      description: 'How sure that partner is, in thousandths.',
      resolve: ({ supply }) => supply?.quality ?? null,
    }),
  }),
})

/** What a partner may see of a customer; further fields of it stand in files of their own. */
export const customerType = builder.objectRef<CustomerView>('Customer').implement({
  description: 'What a partner may see of a customer under one consent, at the moment of reading.',
  subGraphs: ['partner'],
  authScopes: { scope: 'customers:read' },
  fields: (t) => ({
    subject: t.exposeID('subject', { description: 'The pseudonym under which this partner knows the customer.' }),
    purpose: t.exposeString('purpose', { description: 'What it was read for.' }),
    consentId: t.exposeID('consentId', { description: 'The consent that allows it.' }),
    reference: t.string({
      nullable: true,
      description: 'What this partner itself calls the customer, if the customer let it be joined to the subject.',
      resolve: ({ subject }, _, graph) => referenceOf(graph, subject),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the consent ends.' }),
    tags: t.field({ type: [viewedTagType], description: 'The tags that were read.', resolve: ({ tags }) => tags }),
  }),
})

const referenceOf = batched((graph: GraphContext, subjects) =>
  findReferences(graph.context, { partner: partnerOf(graph).partner, subjects }),
)

const customers = connectionOf(customerType, ['partner'])

builder.queryFields((t) => ({
  customer: t.field({
    type: customerType,
    nullable: true,
    description:
      'Reads one customer under consent, or nothing, whatever the reason. Each read is disclosed to the customer. Scope customers:read.',
    subGraphs: ['partner'],
    authScopes: { scope: 'customers:read' },
    args: {
      subject: t.arg.id({ required: true, description: 'The pseudonym of the customer.' }),
      purpose: t.arg.string({ required: true, description: 'What it is read for.' }),
      tags: t.arg.stringList({ description: 'Keys, or key:granularity; all that was consented when absent.' }),
    },
    resolve: async (_, { subject, purpose, tags }, graph) => {
      const read = { subject, purpose, tags: tags ?? undefined }
      const [view] = await readCustomers(graph.context, { caller: partnerOf(graph), reads: [read] })
      return view
    },
  }),
  customerByReference: t.field({
    type: customerType,
    nullable: true,
    description:
      'The same by what this partner itself calls the customer; one that it does not know is nothing as well. Scope customers:read.',
    subGraphs: ['partner'],
    authScopes: { scope: 'customers:read' },
    args: {
      reference: t.arg.string({ required: true, description: 'As it was asked for in customer_tags.' }),
      purpose: t.arg.string({ required: true, description: 'What it is read for.' }),
      tags: t.arg.stringList({ description: 'Keys, or key:granularity; all that was consented when absent.' }),
    },
    resolve: (_, { tags, ...read }, graph) =>
      readByReference(graph.context, { caller: partnerOf(graph), read: { ...read, tags: tags ?? undefined } }),
  }),
  customers: t.field({
    type: customers,
    description:
      'All customers that may be read for a purpose now. Each one is disclosed to the customer. Scope customers:read.',
    subGraphs: ['partner'],
    authScopes: { scope: 'customers:read' },
    args: { purpose: t.arg.string({ required: true, description: 'What they are read for.' }), ...pageArgs },
    resolve: (_, { purpose, ...args }, graph) =>
      pageCustomers(graph.context, { caller: partnerOf(graph), purpose, page: pageIn(args) }),
  }),
}))
