import { listProvided, listProvidedProducts } from '../../catalog/list-provided.ts'
import { listAsks } from '../../customers/list-asks.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { listLastAssessments } from '../../partners/assessments/list-assessments.ts'
import { listCapabilitiesOf } from '../../partners/capabilities/list-capabilities.ts'
import { listDirectory } from '../../partners/list-directory.ts'
import type { Partner } from '../../partners/partner.ts'
import { listGrades } from '../../partners/ratings/list-grades.ts'
import { batched } from '../batched.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { assessmentType } from './assessment.ts'
import { capabilityType } from './capability.ts'
import { gradeType, partnerKindType, partnerStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerType } from './partner.ts'
import { productType } from './product.ts'

const operations: GraphName[] = ['operations']

/** What is shown of the partners of a page comes in one statement for all of them. */
const ofAll = <T>(list: (context: Context, partners: readonly Id<'ptr'>[]) => Promise<ReadonlyMap<string, T>>) =>
  batched<GraphContext, T>(({ context }, ids) => list(context, ids as readonly Id<'ptr'>[]))
const asksOf = ofAll(listAsks)
const providedBy = ofAll(listProvided)
const productsOf = ofAll(listProvidedProducts)
const capabilitiesOf = ofAll(listCapabilitiesOf)
const lastAssessmentOf = ofAll(listLastAssessments)
const gradeOf = ofAll(listGrades)

type Purpose = {
  readonly purpose: string
  readonly nameEn: string
  readonly nameZh: string
  readonly categories: readonly string[]
}

const purposeType = builder.objectRef<Purpose>('DirectoryPurpose').implement({
  description: 'What a partner may ask customers for.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    key: t.exposeString('purpose', { description: 'Key of the purpose.' }),
    nameEn: t.exposeString('nameEn', { description: 'Its name in English.' }),
    nameZh: t.exposeString('nameZh', { description: 'Its name in Chinese.' }),
    categories: t.stringList({ description: 'Categories of data.', resolve: ({ categories }) => [...categories] }),
  }),
})

const entryType = builder.objectRef<Partner>('DirectoryEntry').implement({
  description: 'A partner, and what it may do.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its short name, which never changes.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    kind: t.expose('kind', { type: partnerKindType, description: 'What it brings.' }),
    jurisdiction: t.exposeString('jurisdiction', { description: 'Where it is (ISO 3166-1 alpha-2), such as CN.' }),
    purposes: t.field({
      type: [purposeType],
      description: 'What it may ask customers for now, by purpose.',
      resolve: async ({ id }, _, graph) => (await asksOf(graph, id)) ?? [],
    }),
    productCategories: t.stringList({
      description: 'Of which categories it provides products.',
      resolve: async ({ id }, _, graph) => ((await providedBy(graph, id)) ?? []).map(({ category }) => category),
    }),
    status: t.expose('status', { type: partnerStatusType, subGraphs: operations, description: 'Where it stands.' }),
    synthetic: t.exposeBoolean('synthetic', {
      ...{ subGraphs: operations, description: 'Whether it was made up for trials and demonstrations.' },
    }),
    partner: t.field({
      ...{ type: partnerType, subGraphs: operations, description: 'All that is known of it.' },
      resolve: (partner) => partner,
    }),
    capabilities: t.field({
      ...{ type: [capabilityType], subGraphs: operations },
      description: 'What it may ask for, see and do, and how much: the defaults first, then what is said of it.',
      resolve: async ({ id }, _, graph) => (await capabilitiesOf(graph, id)) ?? [],
    }),
    assessment: t.field({
      ...{ type: assessmentType, nullable: true, subGraphs: operations },
      description: 'Its last assessment, if there ever was one.',
      resolve: ({ id }, _, graph) => lastAssessmentOf(graph, id),
    }),
    grade: t.field({
      ...{ type: gradeType, nullable: true, subGraphs: operations },
      description: 'What it was found to be in its last month, if it was rated.',
      resolve: ({ id }, _, graph) => gradeOf(graph, id),
    }),
    productCount: t.int({
      ...{ subGraphs: operations, description: 'How many products it provides that are offered.' },
      resolve: async ({ id }, _, graph) =>
        ((await providedBy(graph, id)) ?? []).reduce((sum, { count }) => sum + count, 0),
    }),
    products: t.field({
      ...{ type: [productType], subGraphs: operations, description: 'The first twenty of them by name.' },
      resolve: async ({ id }, _, graph) => (await productsOf(graph, id)) ?? [],
    }),
  }),
})

const entries = connectionOf(entryType, [...GRAPHS])
const kindArg = { type: partnerKindType, description: 'Those alone of this kind.' } as const

builder.queryFields((t) => ({
  directory: t.field({
    type: entries,
    description: 'Partners by code: the live ones, without those made up for trials; to the staff all.',
    subGraphs: [...GRAPHS],
    authScopes: { $any: { kind: 'partner', customerOrStaff: true } },
    args: { ...pageArgs, kind: t.arg(kindArg) },
    resolve: (_, { kind, ...args }, { context, caller }) =>
      listDirectory(context, { staff: caller.kind === 'staff', kind, page: pageIn(args) }),
  }),
}))
