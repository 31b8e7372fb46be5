import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { decideWriteOff } from './decide-write-off.ts'
import type { WriteOff } from './write-off.ts'

const rejectWriteOffInput = z.strictObject({
  writeOff: z.string().max(60),
  /** Why; for us alone. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type RejectWriteOffInput = z.input<typeof rejectWriteOffInput>

/**
 * Rejects a write-off that another person proposed, for good: what is owed is owed on. Throws `NOT_FOUND`, `INVALID_INPUT`,
 * `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that was decided, and `FORBIDDEN` for the person who proposed it, or unless
 * a member of the staff acts. Source: ADR 0025.
 */
export async function rejectWriteOff(context: Context, input: RejectWriteOffInput): Promise<WriteOff> {
  const { reason, ...which } = parseExactly(rejectWriteOffInput, input, 'rejection')
  return decideWriteOff(context, { ...which, because: reason })
}
