import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Dispute, DisputeEnd } from './dispute.ts'
import { closingRecord } from './dispute-record.ts'
import { closeDisputeRow, selectDispute } from './store/disputes.ts'
import { holdStanding, type Standing, settleStanding } from './store/standing.ts'

/** Which dispute, and whose it has to be. */
type Closing = { readonly dispute: string; readonly partner?: Id<'ptr'> | undefined }

/**
 * Ends an open dispute in the caller's transaction, as `end` decides with its statement held. The statement is accepted
 * when no other one is open. Throws `NOT_FOUND` (another partner's, too) and `WRONG_STATE` for one that is closed.
 */
export async function closeDispute(
  context: Context,
  tx: Transaction,
  { dispute: named, partner }: Closing,
  end: (dispute: Dispute, standing: Standing) => Promise<DisputeEnd>,
): Promise<Id<'dsp'>> {
  const id = isId('dsp', named) ? named : undefined
  const known = id && (await selectDispute(tx, { id, partner }))
  if (known === undefined) throw new Fault('NOT_FOUND', 'there is no such dispute', { field: 'dispute' })
  const standing = await holdStanding(tx, known.statement)
  const dispute = await selectDispute(tx, { id: known.id })
  invariant(dispute, 'a dispute does not go away')
  if (dispute.status !== 'OPEN') {
    throw new Fault('WRONG_STATE', `the dispute ${dispute.id} is ${dispute.status} already`, { field: 'dispute' })
  }
  const ended = await end(dispute, standing)
  const [record] = await appendRecords(context, tx, [closingRecord(dispute, ended)])
  invariant(record, 'a record was appended')
  const closed = await closeDisputeRow(tx, { id: dispute.id, ...ended, by: context.actor, record })
  invariant(closed, 'a dispute whose statement is held is closed once')
  await settleStanding(tx, [dispute.statement])
  return dispute.id
}

/** A dispute that was just closed. */
export async function closedDispute(context: Context, id: Id<'dsp'>): Promise<Dispute> {
  const dispute = await selectDispute(context.database.reads, { id })
  invariant(dispute, 'a dispute that was closed is there')
  return dispute
}
