import { listScorecards } from '../../partners/ratings/list-scorecards.ts'
import type { Scorecard, Scored } from '../../partners/ratings/scorecard.ts'
import { builder, type GraphName } from '../builder.ts'
import { gradeType, measureType } from './enums.ts'
import { partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

const scoredType = builder.objectRef<Scored>('ScorecardMeasure').implement({
  description: 'How many of how many were good, and what that gives.',
  subGraphs,
  fields: (t) => ({
    measure: t.expose('measure', { type: measureType, description: 'What was measured.' }),
    good: t.exposeInt('good', { description: 'How many were good.' }),
    all: t.exposeInt('all', { description: 'Of how many; 0 where nothing was measured.' }),
    points: t.exposeInt('points', {
      nullable: true,
      description: '0 to 100; absent where nothing was measured: the other measures count for it.',
    }),
    weight: t.exposeInt('weight', { description: 'How much it counts beside the others.' }),
  }),
})

const scorecardType = builder.objectRef<Scorecard>('Scorecard').implement({
  description: 'How a partner fared in a month (UTC), by what the gateway measured.',
  subGraphs,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    month: t.exposeString('month', { description: 'Such as 2026-10.' }),
    grade: t.expose('grade', { type: gradeType, description: 'What it came to.' }),
    score: t.exposeInt('score', { nullable: true, description: '0 to 100; absent where too little was measured.' }),
    measures: t.field({ type: [scoredType], description: 'What it is made of.', resolve: ({ measures }) => measures }),
    version: t.exposeInt('version', { description: '1, or one more for each correction.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was rated anew.' }),
    ratedAt: t.expose('ratedAt', { type: 'DateTime', description: 'When that was.' }),
    record: t.exposeID('record', { description: 'The record of it.' }),
  }),
})

builder.objectFields(partnerType, (t) => ({
  scorecards: t.field({
    type: [scorecardType],
    subGraphs,
    description: 'How it fared in up to twelve months, the latest first; a partner sees its own.',
    resolve: ({ id }, _, { context, caller }) =>
      caller.kind === 'partner' && caller.partner !== id ? [] : listScorecards(context, id),
  }),
}))
