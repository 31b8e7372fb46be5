import type { Assessment, Evidence, Score } from '../../partners/assessments/assessment.ts'
import { listAssessments } from '../../partners/assessments/list-assessments.ts'
import { DIMENSIONS, type Dimension, FLOORS, pointsByDimension } from '../../partners/assessments/rubric.ts'
import { builder, type GraphName } from '../builder.ts'
import { assessmentDimensionType, assessmentStatusType } from './enums.ts'
import { partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']

const evidenceType = builder.objectRef<Evidence>('AssessmentEvidence').implement({
  description: 'A document that shows something; it stays with the broker.',
  subGraphs,
  fields: (t) => ({
    sha256: t.exposeString('sha256', { description: 'Its SHA-256, in hexadecimal digits.' }),
    name: t.exposeString('name', { description: 'What its file is called.' }),
  }),
})

const scoreType = builder.objectRef<Score>('AssessmentScore').implement({
  description: 'What a criterion was given.',
  subGraphs,
  fields: (t) => ({
    criterion: t.exposeString('criterion', { description: 'Such as licence.' }),
    points: t.exposeInt('points', { description: 'Up to what the criterion gives.' }),
    evidence: t.field({ type: [evidenceType], description: 'On what grounds.', resolve: ({ evidence }) => evidence }),
  }),
})

type DimensionPoints = { readonly dimension: Dimension; readonly points: number; readonly floor: number }

const dimensionType = builder.objectRef<DimensionPoints>('AssessmentDimensionPoints').implement({
  description: 'What a dimension has; none makes up for another.',
  subGraphs,
  fields: (t) => ({
    dimension: t.expose('dimension', { type: assessmentDimensionType, description: 'Which.' }),
    points: t.exposeInt('points', { description: 'Of 100.' }),
    floor: t.exposeInt('floor', { description: 'How many it needs.' }),
  }),
})

/** An assessment, for the staff alone. */
export const assessmentType = builder.objectRef<Assessment>('Assessment').implement({
  description: 'Whether a partner is fit, as three persons found.',
  subGraphs,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    status: t.expose('status', { type: assessmentStatusType, description: 'Where it stands.' }),
    assessors: t.exposeStringList('assessors', { description: 'Who opened, scored or proposed it.' }),
    approvers: t.exposeStringList('approvers', { description: 'Who approved it; two pass it.' }),
    dimensions: t.field({
      type: [dimensionType],
      description: 'What each dimension has, and needs.',
      resolve: ({ scores }) => {
        const sums = pointsByDimension(scores)
        return DIMENSIONS.map((dimension) => ({ dimension, points: sums[dimension], floor: FLOORS[dimension] }))
      },
    }),
    scores: t.field({ type: [scoreType], description: 'Criteria that were scored.', resolve: ({ scores }) => scores }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was rejected.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'Until when it counts.' }),
    record: t.exposeID('record', { description: 'The last record about it.' }),
  }),
})

builder.objectFields(partnerType, (t) => ({
  assessments: t.field({
    type: [assessmentType],
    subGraphs,
    description: 'Whether it was found fit: the last opened first, up to a hundred.',
    resolve: ({ id }, _, { context }) => listAssessments(context, id),
  }),
}))
