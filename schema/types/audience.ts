import type { AudienceCondition, AudienceCount, AudienceQuestion } from '../../customers/audiences/audience.ts'
import { countAudience } from '../../customers/audiences/count-audience.ts'
import { listQuestions } from '../../customers/audiences/list-questions.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf } from '../graph-context.ts'
import { coarseGranularityType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']

const countType = builder.objectRef<AudienceCount>('AudienceCount').implement({
  description: 'How many customers meet some conditions, where that can be about nobody in particular.',
  subGraphs: partner,
  fields: (t) => ({
    count: t.exposeInt('count', {
      nullable: true,
      description: 'Rounded down to a multiple of five; null where suppressed.',
    }),
    suppressed: t.exposeBoolean('suppressed', {
      description: 'Too few, or too close to what was told before; which of them is not said.',
    }),
    frozenAt: t.expose('frozenAt', { type: 'DateTime', description: 'Of when the customers and their values are.' }),
    until: t.expose('until', { type: 'DateTime', description: 'When they are looked at anew.' }),
    questionsLeft: t.exposeInt('questionsLeft', { description: 'Further different questions until then.' }),
  }),
})

const conditionInput = builder.inputType('AudienceConditionInput', {
  description: 'A tag, coarsely, and the values of which one is to be met.',
  subGraphs: partner,
  fields: (t) => ({
    tag: t.string({ required: true, description: 'Its key.' }),
    granularity: t.field({ type: coarseGranularityType, required: true, description: 'How coarsely.' }),
    values: t.stringList({ required: true, description: 'Labels of bands, or true or false of a flag.' }),
  }),
})

const conditionType = builder.objectRef<AudienceCondition>('AudienceCondition').implement({
  description: 'A condition that was asked for.',
  subGraphs: operations,
  fields: (t) => ({
    tag: t.exposeString('tag', { description: 'The key of the tag.' }),
    granularity: t.expose('granularity', { type: coarseGranularityType, description: 'How coarsely.' }),
    values: t.field({ type: ['String'], description: 'One of which is to be met.', resolve: ({ values }) => values }),
  }),
})

const questionType = builder.objectRef<AudienceQuestion>('AudienceQuestion').implement({
  description: 'What a partner asked of a number of customers, and was told.',
  subGraphs: operations,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who asked.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    purpose: t.exposeString('purpose', { description: 'What for.' }),
    conditions: t.field({
      type: [conditionType],
      description: 'All of which are met.',
      resolve: ({ conditions }) => conditions,
    }),
    count: t.exposeInt('count', { nullable: true, description: 'As it was told; null where it was suppressed.' }),
    askedAt: t.expose('askedAt', { type: 'DateTime', description: 'When.' }),
  }),
})

builder.queryFields((t) => ({
  audience: t.field({
    type: countType,
    description: 'Counts customers who consented, for planning. Each question is written down. Scope audiences:count.',
    subGraphs: partner,
    authScopes: { scope: 'audiences:count' },
    args: {
      purpose: t.arg.string({ required: true, description: 'What for.' }),
      where: t.arg({
        type: [conditionInput],
        required: true,
        description: 'Up to eight conditions, all of which are met.',
      }),
    },
    resolve: (_, { purpose, where }, graph) =>
      countAudience(graph.context, { caller: partnerOf(graph), purpose, where: where.map((each) => ({ ...each })) }),
  }),
  audienceQuestions: t.field({
    type: connectionOf(questionType, operations),
    description: 'What partners asked of numbers of customers, the last first. Role compliance.',
    subGraphs: operations,
    authScopes: { role: 'compliance' },
    args: { ...pageArgs, partner: t.arg.id({ description: 'Of one partner alone.' }) },
    resolve: (_, { partner: of, ...args }, { context }) => listQuestions(context, { partner: of, page: pageIn(args) }),
  }),
}))
