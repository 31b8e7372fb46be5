import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { onceIfKeyed } from '../agreements/once-if-keyed.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { holdPayout } from './hold-payout.ts'
import { movePayouts } from './move-payouts.ts'
import type { Payout } from './payout.ts'
import { requirePayout } from './store/payouts.ts'

const doubtPayoutInput = z.strictObject({
  payout: z.string().max(60),
  /** Why it is not known; for us alone. */
  reason: lineOfText(300),
  idempotencyKey: z.string().nullish(),
})

export type DoubtPayoutInput = z.input<typeof doubtPayoutInput>

/**
 * Tells that nobody knows what became of a payout: it is `UNKNOWN`, and its statement gets no new attempt for that amount
 * until the bank's entry comes, or two persons settle it with evidence. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` unless it is instructed or sent, `FORBIDDEN` unless a member of the staff acts.
 */
export async function doubtPayout(context: Context, input: DoubtPayoutInput): Promise<Payout> {
  requireStaff(context)
  const { payout: id, reason, idempotencyKey: key } = parseExactly(doubtPayoutInput, input, 'doubt')
  const scope = `${context.actor}:payouts.doubt`
  const doubted = await onceIfKeyed(context, { scope, key, request: { id, reason } }, async (tx) => {
    const { payout } = await holdPayout(tx, id)
    await movePayouts(context, tx, { payouts: [payout], event: { event: 'UNKNOWN', reason } })
    return payout.id
  })
  return requirePayout(context.database.reads, doubted)
}
