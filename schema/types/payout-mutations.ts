import { approvePayouts } from '../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../ledger/payouts/cancel-payouts.ts'
import { doubtPayout } from '../../ledger/payouts/doubt-payout.ts'
import { instructPayouts } from '../../ledger/payouts/instruct-payouts.ts'
import { type PreparedPayouts, preparePayouts } from '../../ledger/payouts/prepare-payouts.ts'
import { resolvePayout } from '../../ledger/payouts/resolve-payout.ts'
import { sendPayouts } from '../../ledger/payouts/send-payouts.ts'
import { builder, type GraphName } from '../builder.ts'
import { foundOutcomeType } from './enums.ts'
import { leftOutType } from './payable.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { payoutType } from './payout.ts'
import { payoutBatchType } from './payout-batch.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'finance' } as const
const KEY = { required: true, description: 'The same again has one effect.' } as const

const preparedType = builder.objectRef<PreparedPayouts>('PreparedPayouts').implement({
  description: 'A batch, and what it left out.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    batch: t.expose('batch', { type: payoutBatchType, description: 'The batch.' }),
    leftOut: t.field({
      type: [leftOutType],
      description: 'Statements that wait, and why.',
      resolve: ({ leftOut }) => [...leftOut],
    }),
  }),
})

const batchPayload = (name: string) => payloadType(name, { field: 'batch', type: payoutBatchType, subGraphs })
const payoutPayload = (name: string) => payloadType(name, { field: 'payout', type: payoutType, subGraphs })
const batchInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    subGraphs,
    fields: (t) => ({
      batch: t.id({ required: true, description: 'Its id.' }),
      idempotencyKey: t.string(KEY),
    }),
  })

const prepareInput = builder.inputType('PreparePayoutsInput', {
  description: 'What is to be paid, from where and when.',
  subGraphs,
  fields: (t) => ({
    asset: t.string({ required: true, description: 'E.g. CNY/2.' }),
    ownAccount: t.string({ required: true, description: 'Code of the account of ours that pays.' }),
    executionDate: t.string({ required: true, description: 'When the bank is to pay, e.g. 2026-02-10.' }),
    programme: t.string({ description: 'Statements of this programme alone, by code or id.' }),
    month: t.string({ description: 'Statements of this month alone, e.g. 2026-01.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const cancelInput = builder.inputType('CancelPayoutsInput', {
  description: 'Which batch is taken back, and why.',
  subGraphs,
  fields: (t) => ({
    batch: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; it stands in the log.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const doubtInput = builder.inputType('DoubtPayoutInput', {
  description: 'Of which payout nobody knows what became of it, and why.',
  subGraphs,
  fields: (t) => ({
    payout: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; for the staff alone.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const resolveInput = builder.inputType('ResolvePayoutInput', {
  description: 'What became of an unknown payout, and by what evidence.',
  subGraphs,
  fields: (t) => ({
    payout: t.id({ required: true, description: 'Its id.' }),
    outcome: t.field({ type: foundOutcomeType, required: true, description: 'What the bank did with it.' }),
    evidence: t.string({ required: true, description: 'What the bank wrote, and where that is kept.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const approveInput = batchInput('ApprovePayoutsInput', 'Which batch is approved.')
const instructInput = batchInput('InstructPayoutsInput', 'Which batch is instructed.')
const sendInput = batchInput('SendPayoutsInput', 'The file of which batch the bank has.')

const preparePayload = payloadType('PreparePayoutsPayload', { field: 'prepared', type: preparedType, subGraphs })
const approvePayload = batchPayload('ApprovePayoutsPayload')
const cancelPayload = batchPayload('CancelPayoutsPayload')
const instructPayload = batchPayload('InstructPayoutsPayload')
const sendPayload = batchPayload('SendPayoutsPayload')
const doubtPayload = payoutPayload('DoubtPayoutPayload')
const resolvePayload = payoutPayload('ResolvePayoutPayload')

builder.mutationFields((t) => ({
  preparePayouts: t.field({
    type: preparePayload,
    description: 'Gathers what can be paid by bank into a batch; another person approves it. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: prepareInput, required: true, description: 'What, from where and when.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => preparePayouts(context, { ...input })),
  }),
  approvePayouts: t.field({
    type: approvePayload,
    description: 'Lets a batch be instructed that another person prepared. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: approveInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => approvePayouts(context, { ...input })),
  }),
  cancelPayouts: t.field({
    type: cancelPayload,
    description: 'Takes back a batch that was not instructed. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: cancelInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => cancelPayouts(context, { ...input })),
  }),
  instructPayouts: t.field({
    type: instructPayload,
    description: 'Books an approved batch and fixes its file, which may leave from then on. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: instructInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => instructPayouts(context, { ...input })),
  }),
  sendPayouts: t.field({
    type: sendPayload,
    description: 'Tells that the bank has the file of a batch. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: sendInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => sendPayouts(context, { ...input })),
  }),
  doubtPayout: t.field({
    type: doubtPayload,
    description: 'Tells that nobody knows what became of a payout: it is not sent again before that. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: doubtInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => doubtPayout(context, { ...input })),
  }),
  resolvePayout: t.field({
    type: resolvePayload,
    description: 'Tells what became of an unknown payout; so it is once a second person tells the same. Role finance.',
    ...{ subGraphs, authScopes },
    args: { input: t.arg({ type: resolveInput, required: true, description: 'Which, what, and by what.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => resolvePayout(context, { ...input })),
  }),
}))
