import type { Context } from '../database/context.ts'
import { type HoldInput, moveOnce } from './move-once.ts'
import type { Partner } from './partner.ts'

/**
 * Suspends a partner that is live: from the next request on it reads nothing, on every process, and payouts are on hold
 * (`duties.ts`); its customers may still withdraw what they agreed to. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE`
 * unless it is live or when another change came first, and `IDEMPOTENCY_CONFLICT`.
 */
export function suspendPartner(context: Context, input: HoldInput): Promise<Partner> {
  return moveOnce(context, { verb: 'suspend', input, from: 'LIVE', to: 'SUSPENDED' })
}
