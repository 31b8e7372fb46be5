import type { Context } from '../database/context.ts'
import { type HoldInput, moveOnce } from './move-once.ts'
import type { Partner } from './partner.ts'

/**
 * Takes a suspended partner back to live. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` unless it is suspended or when
 * another change came first, `NOT_READY` with what it lacks (`gates.ts`), and `IDEMPOTENCY_CONFLICT`.
 */
export function resumePartner(context: Context, input: HoldInput): Promise<Partner> {
  return moveOnce(context, { verb: 'resume', input, from: 'SUSPENDED', to: 'LIVE' })
}
