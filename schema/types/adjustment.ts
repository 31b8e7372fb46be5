import type { Adjustment } from '../../ledger/adjustments/adjustment.ts'
import { approveAdjustment } from '../../ledger/adjustments/approve-adjustment.ts'
import { listAdjustments } from '../../ledger/adjustments/list-adjustments.ts'
import { proposeAdjustment } from '../../ledger/adjustments/propose-adjustment.ts'
import { rejectAdjustment } from '../../ledger/adjustments/reject-adjustment.ts'
import { builder, type GraphName } from '../builder.ts'
import { adjustmentStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const adjustmentType = builder.objectRef<Adjustment>('Adjustment').implement({
  description: 'Money that two persons give an agreement by hand, or take from it.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    agreement: t.exposeID('agreement', { description: 'The agreement that it is for.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'The agreement’s partner.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    amount: t.field({
      type: moneyType,
      description: 'How much; below zero it is taken.',
      resolve: ({ asset, minor }) => ({ asset, minor }),
    }),
    reason: t.exposeString('reason', { description: 'Why; its partner reads it.' }),
    status: t.expose('status', { type: adjustmentStatusType, description: 'What became of it.' }),
    proposedBy: t.exposeString('proposedBy', { description: 'Who proposed it.' }),
    proposedAt: t.expose('proposedAt', { type: 'DateTime', description: 'When.' }),
    decidedBy: t.exposeString('decidedBy', { nullable: true, description: 'Who approved or rejected it.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    decisionReason: t.exposeString('decisionReason', { nullable: true, description: 'Why it was rejected.' }),
    statement: t.exposeID('statement', { nullable: true, description: 'The issued statement that has it.' }),
  }),
})

const adjustmentConnection = connectionOf(adjustmentType, subGraphs)
const payloadNamed = (name: string) => payloadType(name, { field: 'adjustment', type: adjustmentType, subGraphs })
const proposePayload = payloadNamed('ProposeAdjustmentPayload')
const approvePayload = payloadNamed('ApproveAdjustmentPayload')
const rejectPayload = payloadNamed('RejectAdjustmentPayload')
const KEY = { required: true, description: 'The same again has one effect.' } as const

const proposeInput = builder.inputType('ProposeAdjustmentInput', {
  description: 'What is to be given, or taken, and why.',
  subGraphs,
  fields: (t) => ({
    agreement: t.id({ required: true, description: 'The agreement’s id.' }),
    amount: t.string({ required: true, description: 'A decimal in the programme’s asset, e.g. -12.50; not zero.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; its partner reads it.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const approveInput = builder.inputType('ApproveAdjustmentInput', {
  description: 'Which adjustment is approved.',
  subGraphs,
  fields: (t) => ({
    adjustment: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const rejectInput = builder.inputType('RejectAdjustmentInput', {
  description: 'Which adjustment is rejected, and why.',
  subGraphs,
  fields: (t) => ({
    adjustment: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; for the staff alone.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  adjustments: t.field({
    type: adjustmentConnection,
    description: 'Manual adjustments of one programme or of all, the last proposed first.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: {
      programme: t.arg.string({ description: 'Code or id; of all programmes when absent.' }),
      status: t.arg({ type: adjustmentStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { programme, status, ...args }, { context }) =>
      listAdjustments(context, { programme, status, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  proposeAdjustment: t.field({
    type: proposePayload,
    description: 'Proposes to give an agreement money by hand, or to take it. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: proposeInput, required: true, description: 'What is proposed.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeAdjustment(context, { ...input })),
  }),
  approveAdjustment: t.field({
    type: approvePayload,
    description: 'Approves what another person proposed: the next month that is closed has it. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: approveInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approveAdjustment(context, { ...input })),
  }),
  rejectAdjustment: t.field({
    type: rejectPayload,
    description: 'Rejects what another person proposed, for good. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectAdjustment(context, { ...input })),
  }),
}))
