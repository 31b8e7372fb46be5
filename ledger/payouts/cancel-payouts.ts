import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { changeBatch, whichBatch } from './change-batch.ts'
import { moveBatch, requireStatus } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { selectPayoutsOfBatch } from './store/payouts.ts'

const cancelPayoutsInput = z.strictObject({
  ...whichBatch.shape,
  /** Why; it stands in the log. */
  reason: lineOfText(300),
})

export type CancelPayoutsInput = z.input<typeof cancelPayoutsInput>

/**
 * Takes back a batch that was not instructed; its statements may be prepared again. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` once its file may have left, `FORBIDDEN` unless a member of the staff acts.
 */
export async function cancelPayouts(context: Context, input: CancelPayoutsInput): Promise<PayoutBatch> {
  const { reason, ...which } = parseExactly(cancelPayoutsInput, input, 'cancellation')
  return changeBatch(context, {
    verb: 'cancel',
    input: which,
    more: { reason },
    work: async (tx, batch) => {
      requireStatus(batch, ['DRAFT', 'APPROVED'])
      const event = { event: 'CANCELLED', reason } as const
      await moveBatch(context, tx, { batch, event })
      await movePayouts(context, tx, { payouts: await selectPayoutsOfBatch(tx, batch.id), event })
    },
  })
}
