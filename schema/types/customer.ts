import type { CustomerView, ViewedTag } from '../../customers/customer-view.ts'
import { pageCustomers } from '../../customers/page-customers.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import { builder } from '../builder.ts'
import { partnerOf } from '../graph-context.ts'
import { granularityType } from './enums.ts'
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
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the consent ends.' }),
    tags: t.field({ type: [viewedTagType], description: 'The tags that were read.', resolve: ({ tags }) => tags }),
  }),
})

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
