import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { decideWriteOff } from './decide-write-off.ts'
import type { WriteOff } from './write-off.ts'

const approveWriteOffInput = z.strictObject({ writeOff: z.string().max(60), idempotencyKey: z.string() })

export type ApproveWriteOffInput = z.input<typeof approveWriteOffInput>

/**
 * Gives up what another person proposed to: the expense is posted, and the agreement's next statement begins with so much
 * more. Throws `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that was decided or is more than is
 * owed by now, and `FORBIDDEN` for the person who proposed it, or unless a member of the staff acts. Source: ADR 0025.
 */
export async function approveWriteOff(context: Context, input: ApproveWriteOffInput): Promise<WriteOff> {
  return decideWriteOff(context, { ...parseExactly(approveWriteOffInput, input, 'approval'), because: undefined })
}
