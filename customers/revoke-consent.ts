import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { accountKey, consentId, idempotencyKey } from './consent-input.ts'
import { holdsPlace } from './consent-moves.ts'
import { moveConsents } from './move-consents.ts'
import { refuseSuperseded, requireOwn } from './require-own.ts'
import { selectConsent } from './store/consents.ts'
import { holdCustomer, requireCustomer } from './store/customers.ts'

const revokeConsentInput = z.strictObject({ accountKey, consentId, idempotencyKey })

/** The signed-in customer, and which consent. */
export type RevokeConsentInput = z.input<typeof revokeConsentInput>

/**
 * Ends a consent of the signed-in customer, whatever the partner's status: no read that begins after this returns sees
 * anything under it. One that has ended otherwise is returned as it is. Throws `NOT_FOUND` for any consent but the
 * customer's own, `CONSENT_CHANGED` when another consent has taken its place (the customer must end that one), and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function revokeConsent(context: Context, input: RevokeConsentInput): Promise<Consent> {
  const {
    accountKey: account,
    consentId: text,
    idempotencyKey: key,
  } = parseWith(revokeConsentInput, input, 'revocation')
  const customer = await requireCustomer(context.database.reads, account)
  const consent = parseId('cns', text)
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.revoke`, key, request: { consent } },
    async (tx) => answerOf(await revokeIn(context, tx, customer.id, consent)),
  )
  return consentOf(answer)
}

async function revokeIn(context: Context, tx: Transaction, customer: Id<'cus'>, consent: Id<'cns'>): Promise<Consent> {
  await holdCustomer(tx, customer, 'key share')
  const held = await requireOwn(tx, customer, consent)
  refuseSuperseded(held)
  if (holdsPlace(held.status)) {
    await moveConsents(context, tx, [{ held, status: 'REVOKED', by: 'CUSTOMER' }], await databaseTime(tx))
  }
  return selectConsent(tx, customer, consent)
}
