import { listRenamed } from '../../customers/subjects/list-renamed.ts'
import { type RotatedSubjects, rotateSubjects } from '../../customers/subjects/rotate-subjects.ts'
import type { RenamedSubject } from '../../customers/subjects/store/rotations.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']

const renamedType = builder.objectRef<RenamedSubject>('RenamedSubject').implement({
  description: 'A name that a customer had, and the one that they have now.',
  subGraphs: partner,
  fields: (t) => ({
    former: t.exposeID('former', { description: 'The subject that it was.' }),
    subject: t.exposeID('subject', { description: 'The subject that it is.' }),
    until: t.expose('until', { type: 'DateTime', description: 'Until when the former one is understood.' }),
  }),
})

const rotatedType = builder.objectRef<RotatedSubjects>('RotatedSubjects').implement({
  description: 'New names for all customers of a partner.',
  subGraphs: operations,
  fields: (t) => ({
    generation: t.exposeInt('generation', { description: 'Counts the sets of names, from 1.' }),
    customers: t.exposeInt('customers', { description: 'How many customers have a name.' }),
    overlapEndsAt: t.expose('overlapEndsAt', {
      type: 'DateTime',
      description: 'Until when the former names are understood.',
    }),
  }),
})

const rotatePayload = payloadType<RotatedSubjects>('RotateSubjectsPayload', {
  ...{ field: 'rotated', type: rotatedType, subGraphs: operations },
})
const rotateInput = builder.inputType('RotateSubjectsInput', {
  description: 'Whose customers are renamed, and why.',
  subGraphs: operations,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; the partner reads it.' }),
    overlapDays: t.int({ description: 'For how long the former names are understood: 30 unless said, 365 at most.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  renamedSubjects: t.field({
    type: connectionOf(renamedType, partner),
    description: 'Former names of the partner’s customers, while they are understood. Scope customers:read.',
    subGraphs: partner,
    authScopes: { scope: 'customers:read' },
    args: pageArgs,
    resolve: (_, args, graph) => listRenamed(graph.context, { partner: partnerOf(graph).partner, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  rotateSubjects: t.field({
    type: rotatePayload,
    description: 'Gives all customers of a partner new names. Role compliance.',
    subGraphs: operations,
    authScopes: { role: 'compliance' },
    args: { input: t.arg({ type: rotateInput, required: true, description: 'Whose.' }) },
    resolve: (_, { input: { overlapDays, ...input } }, { context }) =>
      payloadOf(() => rotateSubjects(context, { ...input, ...(overlapDays != null && { overlapDays }) })),
  }),
}))
