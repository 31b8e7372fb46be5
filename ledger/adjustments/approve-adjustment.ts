import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { Adjustment } from './adjustment.ts'
import { decideAdjustment } from './decide-adjustment.ts'

const approveAdjustmentInput = z.strictObject({ adjustment: z.string().max(60), idempotencyKey: z.string() })

export type ApproveAdjustmentInput = z.input<typeof approveAdjustmentInput>

/**
 * Approves an adjustment that another person proposed: the statement of the next month that is closed has it. Throws
 * `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that was decided, and `FORBIDDEN` for the
 * person who proposed it, or unless a member of the staff acts. Source: ADR 0018.
 */
export async function approveAdjustment(context: Context, input: ApproveAdjustmentInput): Promise<Adjustment> {
  return decideAdjustment(context, { ...parseExactly(approveAdjustmentInput, input, 'approval'), because: undefined })
}
