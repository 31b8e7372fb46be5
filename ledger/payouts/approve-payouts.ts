import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireSecondPerson } from '../second-person.ts'
import { changeBatch, type WhichBatch, whichBatch } from './change-batch.ts'
import { moveBatch, requireStatus } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { refuseHindered } from './refuse-hindered.ts'
import { selectPayoutsOfBatch } from './store/payouts.ts'

/**
 * Approves a batch that another person prepared, so that it may be instructed. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` unless it is a draft and everything in it may still be paid as prepared, and
 * `FORBIDDEN` for the person who prepared it, or unless a member of the staff acts.
 */
export async function approvePayouts(context: Context, input: WhichBatch): Promise<PayoutBatch> {
  return changeBatch(context, {
    verb: 'approve',
    input: parseExactly(whichBatch, input, 'approval'),
    work: async (tx, batch) => {
      requireSecondPerson(context, batch.preparedBy)
      requireStatus(batch, ['DRAFT'])
      await refuseHindered(context, tx, batch)
      const event = { event: 'APPROVED' } as const
      await moveBatch(context, tx, { batch, event })
      await movePayouts(context, tx, { payouts: await selectPayoutsOfBatch(tx, batch.id), event })
    },
  })
}
