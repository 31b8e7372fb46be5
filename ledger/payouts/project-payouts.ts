import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { batchMove, madeFile, payoutMove, preparedBatch, preparedPayout } from './payout-records.ts'
import { findBatchRow, insertBatch, insertFile, updateBatch } from './store/batches.ts'
import { canBeInserted, insertPayouts, selectStep, updatePayouts } from './store/write-payouts.ts'

/** Batches, payouts by bank and the files that were made out of the log. */
export const payoutProjector: Projector = {
  kinds: ['payout_batch', 'payout'],
  tables: [
    { name: 'payout_batches', key: ['id'] },
    { name: 'payouts', key: ['id'] },
    { name: 'payout_files', key: ['record_id'] },
  ],
  project: projectEach(projectOne),
}

function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  if (body.kind === 'payout_batch') return projectBatch(tx, body)
  invariant(body.kind === 'payout', `a record of kind ${body.kind} is none of payouts`)
  return projectPayout(tx, body)
}

async function projectBatch(tx: Transaction, body: RecordBody): Promise<boolean> {
  const act = actOf(body)
  switch (body.data['event']) {
    case 'PREPARED': {
      const { event: _, batch: id, ...prepared } = parseRecordData(preparedBatch, body)
      await insertBatch(tx, { id, ...prepared }, act)
      return true
    }
    case 'FILE': {
      await insertFile(tx, parseRecordData(madeFile, body), act)
      return true
    }
    default: {
      const { batch: id, step, ...event } = parseRecordData(batchMove, body)
      if ((await findBatchRow(tx, id))?.step !== step - 1) return false
      await updateBatch(tx, id, { event, ...act })
      return true
    }
  }
}

/** An attempt waits for the one before it, and until that is over; what happened to it, for what happened before. */
async function projectPayout(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { by, record } = actOf(body)
  if (body.data['event'] === 'PREPARED') {
    const { event: _, payout: id, ...prepared } = parseRecordData(preparedPayout, body)
    if (!(await canBeInserted(tx, prepared))) return false
    await insertPayouts(tx, [{ payout: { id, ...prepared }, by, record }])
    return true
  }
  const { payout, step, ...event } = parseRecordData(payoutMove, body)
  if ((await selectStep(tx, payout)) !== step - 1) return false
  await updatePayouts(tx, [{ payout, record }], { event, by })
  return true
}

function actOf({ id, at, actor }: RecordBody) {
  return { by: actor, record: { id, at: new Date(at) } }
}
