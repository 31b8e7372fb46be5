import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { decideOpening } from './decide-opening.ts'
import type { Opening } from './opening.ts'

const approveOpeningInput = z.strictObject({ opening: z.string().max(60), idempotencyKey: z.string() })

export type ApproveOpeningInput = z.input<typeof approveOpeningInput>

/**
 * Brings balances along that another person proposed, all of them in one transaction: they are posted against
 * `Equity:Opening`, and agreements' first statements begin with them. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `PERIOD_LOCKED`, `WRONG_STATE` for what was decided or brought along already, and `FORBIDDEN` for the
 * person who proposed them, or unless a member of the staff acts. Source: ADR 0025.
 */
export async function approveOpening(context: Context, input: ApproveOpeningInput): Promise<Opening> {
  return decideOpening(context, { ...parseExactly(approveOpeningInput, input, 'approval'), because: undefined })
}
