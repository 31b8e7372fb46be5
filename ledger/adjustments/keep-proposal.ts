import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { type ProposedAdjustment, proposalRecord } from './adjustment-record.ts'
import { insertAdjustment } from './store/adjustments.ts'

/** Proposes an adjustment in the caller's transaction, with its record. Another person is to approve it. */
export async function keepProposal(
  context: Context,
  tx: Transaction,
  proposed: ProposedAdjustment,
): Promise<Id<'adj'>> {
  const [record] = await appendRecords(context, tx, [proposalRecord(proposed)])
  invariant(record, 'a record was appended')
  await insertAdjustment(tx, proposed, { by: context.actor, record })
  return proposed.id
}
