import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { asGiver, consentRecord } from './consent-record.ts'
import { databaseTime, endConsents, holdOwn, selectConsent } from './store/consents.ts'
import { holdCustomer, requireCustomer } from './store/customers.ts'

const revokeConsentInput = z.strictObject({
  accountKey: z.string().max(128),
  consentId: z.string().max(100),
  idempotencyKey: z.string(),
})

/** The signed-in customer, and which consent. */
export type RevokeConsentInput = z.input<typeof revokeConsentInput>

/**
 * Ends a consent of the signed-in customer, whatever the partner's status: no read that begins after this returns sees
 * anything under it. One that was revoked before, or whose time is over, is returned as it is. Throws `NOT_FOUND` for any
 * consent but the customer's own, `CONSENT_CHANGED` when another consent has taken its place (the customer must end that
 * one), and `IDEMPOTENCY_CONFLICT`.
 */
export async function revokeConsent(context: Context, input: RevokeConsentInput): Promise<Consent> {
  const { accountKey, consentId, idempotencyKey } = parseWith(revokeConsentInput, input, 'revocation')
  const customer = await requireCustomer(context.database.reads, accountKey)
  const consent = parseId('cns', consentId)
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.revoke`, key: idempotencyKey, request: { consent } },
    async (tx) => answerOf(await revokeIn(context, tx, customer.id, consent)),
  )
  return consentOf(answer)
}

async function revokeIn(context: Context, tx: Transaction, customer: Id<'cus'>, consent: Id<'cns'>): Promise<Consent> {
  await holdCustomer(tx, customer, 'key share')
  const held = await holdOwn(tx, customer, consent)
  if (!held) throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(consent)} here`)
  if (held.status === 'SUPERSEDED') throw new Fault('CONSENT_CHANGED', `another consent took the place of ${consent}`)
  if (held.status === 'AUTHORISED') {
    const { partner, purpose } = held
    const status = 'REVOKED'
    const at = await databaseTime(tx)
    const acting = { ...asGiver(context, consent), clock: clockAt(at) }
    const [record] = await appendRecords(acting, tx, [consentRecord({ consent, customer, partner, purpose, status })])
    invariant(record, 'a record that was appended has an id')
    await endConsents(tx, [{ id: consent, status, at, record: record.id }])
  }
  return selectConsent(tx, customer, consent)
}
