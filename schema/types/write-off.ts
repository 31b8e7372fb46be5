import { approveWriteOff } from '../../ledger/receivables/approve-write-off.ts'
import { listWriteOffs } from '../../ledger/receivables/list-write-offs.ts'
import { proposeWriteOff } from '../../ledger/receivables/propose-write-off.ts'
import { rejectWriteOff } from '../../ledger/receivables/reject-write-off.ts'
import type { WriteOff } from '../../ledger/receivables/write-off.ts'
import { builder, type GraphName } from '../builder.ts'
import { writeOffStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const writeOffType = builder.objectRef<WriteOff>('WriteOff').implement({
  description: 'What a partner owes and will not pay, given up by two persons.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    agreement: t.exposeID('agreement', { description: 'The agreement by which it is owed.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'The agreement’s partner.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    amount: t.field({
      type: moneyType,
      description: 'How much.',
      resolve: ({ asset, minor }) => ({ asset, minor }),
    }),
    reason: t.exposeString('reason', { description: 'Why; its partner may read it once it is approved.' }),
    status: t.expose('status', { type: writeOffStatusType, description: 'What became of it.' }),
    proposedBy: t.exposeString('proposedBy', { description: 'Who proposed it.' }),
    proposedAt: t.expose('proposedAt', { type: 'DateTime', description: 'When.' }),
    decidedBy: t.exposeString('decidedBy', { nullable: true, description: 'Who approved or rejected it.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    decisionReason: t.exposeString('decisionReason', { nullable: true, description: 'Why it was rejected.' }),
  }),
})

const writeOffConnection = connectionOf(writeOffType, subGraphs)
const payloadNamed = (name: string) => payloadType(name, { field: 'writeOff', type: writeOffType, subGraphs })
const proposePayload = payloadNamed('ProposeWriteOffPayload')
const approvePayload = payloadNamed('ApproveWriteOffPayload')
const rejectPayload = payloadNamed('RejectWriteOffPayload')
const KEY = { required: true, description: 'The same again has one effect.' } as const

const proposeInput = builder.inputType('ProposeWriteOffInput', {
  description: 'What is to be given up, and why.',
  subGraphs,
  fields: (t) => ({
    agreement: t.id({ required: true, description: 'The agreement’s id.' }),
    amount: t.string({ description: 'A decimal in the programme’s asset; all that is owed unless given.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; its partner may read it.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const approveInput = builder.inputType('ApproveWriteOffInput', {
  description: 'Which write-off is approved.',
  subGraphs,
  fields: (t) => ({
    writeOff: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const rejectInput = builder.inputType('RejectWriteOffInput', {
  description: 'Which write-off is rejected, and why.',
  subGraphs,
  fields: (t) => ({
    writeOff: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; for the staff alone.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  writeOffs: t.field({
    type: writeOffConnection,
    description: 'Write-offs, the last proposed first.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: {
      status: t.arg({ type: writeOffStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { status, ...args }, { context }) => listWriteOffs(context, { status, page: pageIn(args) }),
  }),
}))

builder.mutationFields((t) => ({
  proposeWriteOff: t.field({
    type: proposePayload,
    description: 'Proposes to give up what a partner owes. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: proposeInput, required: true, description: 'What is proposed.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeWriteOff(context, { ...input })),
  }),
  approveWriteOff: t.field({
    type: approvePayload,
    description: 'Gives up what another person proposed to: the next statement begins with it. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: approveInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approveWriteOff(context, { ...input })),
  }),
  rejectWriteOff: t.field({
    type: rejectPayload,
    description: 'Rejects what another person proposed, for good. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectWriteOff(context, { ...input })),
  }),
}))
