import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { addDays } from '../../kernel/month.ts'
import { appendRecords } from '../../records/append-records.ts'
import { ANSWER_DAYS, type Complaint } from './complaint.ts'
import { complaintRecord, noticeRecords } from './complaint-record.ts'
import { upsertComplaint } from './store/write-complaints.ts'

/** What is taken in. */
export type NewComplaint = Pick<Complaint, 'partner' | 'category' | 'severity' | 'complainant'> & {
  readonly said: string
}

/** Takes a complaint in at a time of the database; from then on its days run. */
export async function receiveComplaint(
  context: Context,
  tx: Transaction,
  { said, ...complaint }: NewComplaint,
  at: Date,
): Promise<Complaint> {
  return keepComplaint(context, tx, {
    ...{ ...complaint, id: newId('cpl'), status: 'RECEIVED', takenBy: context.actor, words: { said } },
    ...{ assignedTo: undefined, decidedBy: undefined, decidedAt: undefined, version: 1 },
    ...{ receivedAt: at, dueAt: addDays(at, ANSWER_DAYS), changedAt: at },
  })
}

/** Writes the next version of a complaint, which the transaction holds: its record, for us alone, what the partner is told, and its row. */
export async function keepComplaint(
  context: Context,
  tx: Transaction,
  said: Omit<Complaint, 'record'>,
): Promise<Complaint> {
  const records = [complaintRecord(said), ...noticeRecords(said)]
  const [record] = await appendRecords({ ...context, clock: clockAt(said.changedAt) }, tx, records)
  invariant(record, 'a record was appended')
  const kept = { ...said, record: record.id }
  const written = await upsertComplaint(context, tx, kept)
  invariant(written, 'a version follows the one before it')
  return kept
}
