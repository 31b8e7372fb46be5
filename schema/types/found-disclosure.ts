import type { FoundDisclosure } from '../../customers/found/disclosure-search.ts'
import { searchDisclosures } from '../../customers/found/search-disclosures.ts'
import { writeSharedTag } from '../../customers/granularity.ts'
import { builder, type GraphName } from '../builder.ts'
import { disclosureOutcomeType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'compliance' } as const

const foundType = builder.objectRef<FoundDisclosure>('FoundDisclosure').implement({
  description: 'One read of a customer’s data, as compliance sees it: never a value.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id; disclosureProof proves it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who read.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    client: t.exposeID('client', { description: 'By which client.' }),
    accountKey: t.exposeString('accountKey', {
      nullable: true,
      description: 'Of which customer; absent where the subject is none of the partner’s.',
    }),
    subject: t.exposeID('subject', { description: 'The pseudonym that the partner named.' }),
    purpose: t.exposeString('purpose', { description: 'What for.' }),
    consentId: t.exposeID('consentId', { nullable: true, description: 'The consent that allowed it.' }),
    tags: t.stringList({
      description: 'What the answer held, each key:granularity.',
      resolve: ({ tags }) => tags.map(writeSharedTag),
    }),
    outcome: t.expose('outcome', { type: disclosureOutcomeType, description: 'Whether it gave anything.' }),
    request: t.exposeString('request', { description: 'Id of the request.' }),
    batchRecord: t.id({
      nullable: true,
      description: 'The record of the batch that proves it; absent for a moment.',
      resolve: ({ batch }) => batch?.record,
    }),
  }),
})

const found = connectionOf(foundType, subGraphs)

builder.queryFields((t) => ({
  searchDisclosures: t.field({
    type: found,
    description: 'Who read what of whom, the newest first; all that is given must hold. Role compliance.',
    subGraphs,
    authScopes,
    args: {
      customer: t.arg.string({ description: 'Account key.' }),
      partner: t.arg.string({ description: 'Code or id.' }),
      consent: t.arg.id({ description: 'Under this consent.' }),
      tag: t.arg.string({ description: 'Where the answer held this tag.' }),
      outcome: t.arg({ type: disclosureOutcomeType, description: 'With this outcome.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'From when.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Until when, exclusive; up to 31 days on, where no customer, partner or consent is named.',
      }),
      ...pageArgs,
    },
    resolve: (_, args, { context }) => searchDisclosures(context, args, pageIn(args)),
  }),
}))
