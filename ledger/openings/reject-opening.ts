import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { decideOpening } from './decide-opening.ts'
import type { Opening } from './opening.ts'

const rejectOpeningInput = z.strictObject({
  opening: z.string().max(60),
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type RejectOpeningInput = z.input<typeof rejectOpeningInput>

/**
 * Rejects balances that another person proposed, for good. Throws `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`,
 * `WRONG_STATE` for what was decided, and `FORBIDDEN` for the person who proposed them, or unless a member of the staff acts.
 */
export async function rejectOpening(context: Context, input: RejectOpeningInput): Promise<Opening> {
  const { reason, ...which } = parseExactly(rejectOpeningInput, input, 'rejection')
  return decideOpening(context, { ...which, because: reason })
}
