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

const resumeConsentInput = z.union([
  z.strictObject({ accountKey, consentId, idempotencyKey }),
  z.strictObject({ reason: lineOfText(500), consentId, idempotencyKey }),
])

/** The signed-in customer and which of their consents; or, for compliance, which consent of anybody's, and why. */
export type ResumeConsentInput = z.input<typeof resumeConsentInput>

/**
 * Lets a suspended consent count again: whoever suspended it does. One that counts is returned as it is. Throws
 * `NOT_FOUND`, `WRONG_STATE` when the other side suspended it, `CONSENT_CHANGED` when it has ended, and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function resumeConsent(context: Context, input: ResumeConsentInput): Promise<Consent> {
  const parsed = parseWith(resumeConsentInput, input, 'resumption')
  return changeHeld(context, { verb: 'resume', ...parsed }, async (tx, held, { by, ...told }) => {
    refuseEnded(held)
    if (held.status === 'AUTHORISED') return
    if (held.suspendedBy !== by) {
      const who = held.suspendedBy === 'CUSTOMER' ? 'the customer' : 'compliance'
      throw new Fault('WRONG_STATE', `${who} has suspended ${held.id}, and resumes it`)
    }
    await moveConsents(context, tx, [{ held, status: 'AUTHORISED', by, ...told }], await databaseTime(tx))
  })
}
