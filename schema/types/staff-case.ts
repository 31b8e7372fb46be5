import { closeCase, openCase } from '../../customers/cases/open-case.ts'
import { type KnownTag, listStaffReads, lookAtCustomer } from '../../customers/cases/read-case.ts'
import type { StaffCase, StaffRead } from '../../customers/cases/staff-case.ts'
import { builder, type GraphName } from '../builder.ts'
import { KEY } from './bank-details-input.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'

const operations: GraphName[] = ['operations']
const both: GraphName[] = ['customer', 'operations']
const compliance = { role: 'compliance' } as const

const caseType = builder.objectRef<StaffCase>('StaffCase').implement({
  description: 'Leave for one member of the staff to look at one customer’s data, for an hour at most.',
  subGraphs: operations,
  authScopes: compliance,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When its hour is over.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed before that.',
    }),
    record: t.exposeID('record', { description: 'Its record in the log.' }),
  }),
})

const knownType = builder.objectRef<KnownTag>('KnownTag').implement({
  description: 'What is known of a customer.',
  subGraphs: operations,
  authScopes: compliance,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key of the tag.' }),
    value: t.exposeString('value', { description: 'Its value, exactly.' }),
  }),
})

const readType = builder.objectRef<StaffRead>('StaffRead').implement({
  description: 'That a member of the broker’s staff looked at a customer’s data, for a case.',
  subGraphs: both,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    tags: t.stringList({ description: 'Keys of what was there to be seen.', resolve: ({ tags }) => [...tags] }),
    case: t.exposeID('case', { description: 'For which case.' }),
    by: t.exposeString('by', { subGraphs: operations, description: 'Who looked.' }),
    record: t.exposeID('record', { description: 'Its record in the log.' }),
  }),
})

const casePayload = (name: string) =>
  payloadType<StaffCase>(name, { field: 'case', type: caseType, subGraphs: operations })
const openPayload = casePayload('OpenCasePayload')
const closePayload = casePayload('CloseCasePayload')
const openInput = builder.inputType('OpenCaseInput', {
  description: 'At whose data somebody has to look, and why.',
  subGraphs: operations,
  fields: (t) => ({
    accountKey: t.string({ required: true, description: 'The broker’s key of the customer.' }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const closeInput = builder.inputType('CloseCaseInput', {
  description: 'Which case is closed.',
  subGraphs: operations,
  fields: (t) => ({
    case: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const reads = connectionOf(readType, both)

builder.queryFields((t) => ({
  customerOfCase: t.field({
    type: [knownType],
    description:
      'What is known of the customer of one’s own open case. Each look is shown to the customer. Role compliance.',
    subGraphs: operations,
    authScopes: compliance,
    args: { case: t.arg.id({ required: true, description: 'The case.' }) },
    resolve: (_, args, { context }) => lookAtCustomer(context, args),
  }),
  staffReads: t.field({
    type: reads,
    description:
      'Who of the staff looked at whose data, the latest first: the customer’s own, or all (role compliance).',
    subGraphs: both,
    authScopes: { customerOrCompliance: true },
    args: { ...pageArgs },
    resolve: (_, args, { context, caller }) =>
      listStaffReads(context, {
        ...(caller.kind === 'customer' && { accountKey: caller.accountKey }),
        page: pageIn(args),
      }),
  }),
}))

builder.mutationFields((t) => ({
  openCase: t.field({
    type: openPayload,
    description: 'Opens a case for an hour. Role compliance.',
    subGraphs: operations,
    authScopes: compliance,
    args: { input: t.arg({ type: openInput, required: true, description: 'Of whom, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => openCase(context, { ...input })),
  }),
  closeCase: t.field({
    type: closePayload,
    description: 'Closes a case of one’s own before its hour is over. Role compliance.',
    subGraphs: operations,
    authScopes: compliance,
    args: { input: t.arg({ type: closeInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => closeCase(context, { ...input })),
  }),
}))
