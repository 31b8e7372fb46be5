import { findPayoutBatch } from '../../ledger/payouts/find-payout-batch.ts'
import { listPayoutBatches } from '../../ledger/payouts/list-payout-batches.ts'
import { listPayouts } from '../../ledger/payouts/list-payouts.ts'
import type { MadeFile, PayoutBatch } from '../../ledger/payouts/payout-batch.ts'
import { builder, type GraphName } from '../builder.ts'
import { batchStatusType, fileFormatType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payoutConnection } from './payout.ts'

const subGraphs: GraphName[] = ['operations']

const madeFileType = builder.objectRef<MadeFile>('PayoutFile').implement({
  description: 'A file of a batch that was made for somebody. What it held is kept nowhere.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    format: t.expose('format', { type: fileFormatType, description: 'How it was written.' }),
    fingerprint: t.exposeString('fingerprint', { description: 'HMAC-SHA-256 of its bytes under a key of ours.' }),
    madeBy: t.exposeString('madeBy', { description: 'For whom.' }),
    madeAt: t.expose('madeAt', { type: 'DateTime', description: 'When.' }),
  }),
})

/** Payouts that go to the bank together. */
export const payoutBatchType = builder.objectRef<PayoutBatch>('PayoutBatch').implement({
  description: 'Payouts in one asset from one account of ours, which go to the bank as one message.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    status: t.expose('status', { type: batchStatusType, description: 'How far it is.' }),
    asset: t.exposeString('asset', { description: 'What is paid, e.g. CNY/2.' }),
    ownAccount: t.exposeString('ownAccount', { description: 'Code of the account of ours that pays.' }),
    executionDate: t.exposeString('executionDate', { description: 'When the bank is to pay, e.g. 2026-02-10.' }),
    count: t.int({ description: 'How many payouts there are in it.', resolve: ({ payouts }) => payouts }),
    total: t.field({
      type: moneyType,
      description: 'The sum of their transfers.',
      resolve: ({ asset, total }) => ({ asset, minor: total }),
    }),
    payouts: t.field({
      type: payoutConnection,
      description: 'The payouts in it.',
      args: pageArgs,
      resolve: ({ id }, args, { context }) => listPayouts(context, { batch: id, page: pageIn(args) }),
    }),
    files: t.field({
      type: [madeFileType],
      description: 'The files that were made of it, the first one first.',
      resolve: async ({ id }, _, { context }) => [...((await findPayoutBatch(context, id))?.files ?? [])],
    }),
    preparedBy: t.exposeString('preparedBy', { description: 'Who prepared it.' }),
    preparedAt: t.expose('preparedAt', { type: 'DateTime', description: 'When.' }),
    approvedBy: t.exposeString('approvedBy', { nullable: true, description: 'Who approved it: another person.' }),
    approvedAt: t.expose('approvedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    instructedBy: t.exposeString('instructedBy', { nullable: true, description: 'Who instructed it.' }),
    instructedAt: t.expose('instructedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When. Its file may have left from then on, and says this time.',
    }),
    sentBy: t.exposeString('sentBy', { nullable: true, description: 'Who told that the bank has the file.' }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was cancelled.' }),
  }),
})

const payoutBatchConnection = connectionOf(payoutBatchType, subGraphs)

builder.queryFields((t) => ({
  payoutBatches: t.field({
    type: payoutBatchConnection,
    description: 'Batches of payouts by bank, the last prepared first.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: { status: t.arg({ type: batchStatusType, description: 'Those alone in this status.' }), ...pageArgs },
    resolve: (_, { status, ...args }, { context }) => listPayoutBatches(context, { status, page: pageIn(args) }),
  }),
  payoutBatch: t.field({
    type: payoutBatchType,
    nullable: true,
    description: 'A batch by its id. Its file is at /payout-batches/<id>.xml and .csv, for the role finance.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, { context }) => findPayoutBatch(context, id),
  }),
}))
