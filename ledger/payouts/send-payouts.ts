import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { changeBatch, type WhichBatch, whichBatch } from './change-batch.ts'
import { moveBatch, requireStatus } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { selectPayoutsOfBatch } from './store/payouts.ts'

/**
 * Tells that the bank has a batch's file. Payouts of which the bank has spoken meanwhile stay as they are. Throws
 * `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` unless it is instructed, `FORBIDDEN` unless a member
 * of the staff acts.
 */
export async function sendPayouts(context: Context, input: WhichBatch): Promise<PayoutBatch> {
  return changeBatch(context, {
    verb: 'sent',
    input: parseExactly(whichBatch, input, 'sending'),
    work: async (tx, batch) => {
      requireStatus(batch, ['INSTRUCTED'])
      const event = { event: 'SENT' } as const
      await moveBatch(context, tx, { batch, event })
      const payouts = await selectPayoutsOfBatch(tx, batch.id)
      await movePayouts(context, tx, { payouts: payouts.filter(({ status }) => status === 'INSTRUCTED'), event })
    },
  })
}
