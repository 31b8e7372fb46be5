import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { Fault } from '../kernel/fault.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { changeHeld } from './change-held.ts'
import type { Consent } from './consent.ts'
import { accountKey, consentId, idempotencyKey } from './consent-input.ts'
import { moveConsents } from './move-consents.ts'
import { refuseEnded } from './require-own.ts'

const suspendConsentInput = z.union([
  z.strictObject({ accountKey, consentId, idempotencyKey }),
  z.strictObject({ reason: lineOfText(500), consentId, idempotencyKey }),
])

/** The signed-in customer and which of their consents; or, for compliance, which consent of anybody's, and why. */
export type SuspendConsentInput = z.input<typeof suspendConsentInput>

/**
 * Stops a consent for a while: no read that begins after this returns sees anything under it. What compliance suspends,
 * compliance alone resumes. One that is suspended already is returned as it is. Throws `NOT_FOUND`, `CONSENT_CHANGED` when it
 * has ended, `WRONG_STATE` for compliance while the customer has suspended it, and `IDEMPOTENCY_CONFLICT`.
 */
export async function suspendConsent(context: Context, input: SuspendConsentInput): Promise<Consent> {
  const parsed = parseWith(suspendConsentInput, input, 'suspension')
  return changeHeld(context, { verb: 'suspend', ...parsed }, async (tx, held, { by, ...told }) => {
    refuseEnded(held)
    if (held.status === 'SUSPENDED') {
      if (held.suspendedBy === by || by === 'CUSTOMER') return
      throw new Fault('WRONG_STATE', `the customer has suspended ${held.id}: it gives nothing`)
    }
    await moveConsents(context, tx, [{ held, status: 'SUSPENDED', by, ...told }], await databaseTime(tx))
  })
}
