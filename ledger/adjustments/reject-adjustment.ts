import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { Adjustment } from './adjustment.ts'
import { decideAdjustment } from './decide-adjustment.ts'

const rejectAdjustmentInput = z.strictObject({
  adjustment: z.string().max(60),
  /** Why; for us alone. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type RejectAdjustmentInput = z.input<typeof rejectAdjustmentInput>

/**
 * Rejects an adjustment that another person proposed, for good. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that was decided, and `FORBIDDEN` for the person who proposed it, or unless
 * a member of the staff acts. Source: ADR 0018.
 */
export async function rejectAdjustment(context: Context, input: RejectAdjustmentInput): Promise<Adjustment> {
  const { reason, ...which } = parseExactly(rejectAdjustmentInput, input, 'rejection')
  return decideAdjustment(context, { ...which, because: reason })
}
