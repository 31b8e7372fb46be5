import { approveAssessment } from '../../partners/assessments/approve-assessment.ts'
import type { Assessment } from '../../partners/assessments/assessment.ts'
import { openAssessment } from '../../partners/assessments/open-assessment.ts'
import { proposeAssessment } from '../../partners/assessments/propose-assessment.ts'
import { rejectAssessment } from '../../partners/assessments/reject-assessment.ts'
import { scoreAssessment } from '../../partners/assessments/score-assessment.ts'
import { builder, type GraphName } from '../builder.ts'
import { assessmentType } from './assessment.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const payload = { field: 'assessment', type: assessmentType, subGraphs } as const
const openPayload = payloadType<Assessment>('OpenAssessmentPayload', payload)
const scorePayload = payloadType<Assessment>('ScoreAssessmentPayload', payload)
const proposePayload = payloadType<Assessment>('ProposeAssessmentPayload', payload)
const approvePayload = payloadType<Assessment>('ApproveAssessmentPayload', payload)
const rejectPayload = payloadType<Assessment>('RejectAssessmentPayload', payload)

const openInput = builder.inputType('OpenAssessmentInput', {
  description: 'Whom to assess.',
  subGraphs,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

const evidenceInput = builder.inputType('AssessmentEvidenceInput', {
  description: 'A document that shows something.',
  subGraphs,
  fields: (t) => ({
    sha256: t.string({ required: true, description: 'Its SHA-256, in hexadecimal digits, lower case.' }),
    name: t.string({ required: true, description: 'What its file is called.' }),
  }),
})

const scoreInput = builder.inputType('ScoreAssessmentInput', {
  description: 'What a criterion is given.',
  subGraphs,
  fields: (t) => ({
    assessment: t.id({ required: true, description: 'Its id.' }),
    criterion: t.string({ required: true, description: 'Such as licence.' }),
    points: t.int({ required: true, description: 'Up to what the criterion gives.' }),
    evidence: t.field({ type: [evidenceInput], required: true, description: 'On what grounds; needed for any point.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

const stepInput = builder.inputType('AssessmentStepInput', {
  description: 'Which assessment.',
  subGraphs,
  fields: (t) => ({
    assessment: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

const rejectInput = builder.inputType('RejectAssessmentInput', {
  description: 'Which assessment ends, and why.',
  subGraphs,
  fields: (t) => ({
    assessment: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; for the staff alone.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.mutationFields((t) => ({
  openAssessment: t.field({
    type: openPayload,
    subGraphs,
    description: 'Begins an assessment; a partner that applied is ASSESSING from then on. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: openInput, required: true, description: 'Whom to assess.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => openAssessment(context, input)),
  }),
  scoreAssessment: t.field({
    type: scorePayload,
    subGraphs,
    description: 'Gives a criterion its points, in place of what it had. Role partner-manager or compliance.',
    authScopes: { restrictor: true },
    args: { input: t.arg({ type: scoreInput, required: true, description: 'Which criterion, and what it is given.' }) },
    resolve: (_, { input }, { context }) =>
      payloadOf(() => scoreAssessment(context, { ...input, evidence: [...input.evidence] })),
  }),
  proposeAssessment: t.field({
    type: proposePayload,
    subGraphs,
    description: 'Proposes that the partner passes. Role partner-manager.',
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: stepInput, required: true, description: 'Which assessment.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeAssessment(context, input)),
  }),
  approveAssessment: t.field({
    type: approvePayload,
    subGraphs,
    description:
      'Approves it, by somebody who did not assess; the second passes it. Role partner-manager or compliance.',
    authScopes: { restrictor: true },
    args: { input: t.arg({ type: stepInput, required: true, description: 'Which assessment.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approveAssessment(context, input)),
  }),
  rejectAssessment: t.field({
    type: rejectPayload,
    subGraphs,
    description: 'Ends it without passing; the partner stays where it is. Role partner-manager or compliance.',
    authScopes: { restrictor: true },
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Which assessment, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectAssessment(context, input)),
  }),
}))
