import type { Reader, Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import { once } from '../records/once.ts'
import type { Consent, Mover } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { requireOwn } from './require-own.ts'
import { selectConsent } from './store/consents.ts'
import { holdCustomer, requireCustomer } from './store/customers.ts'
import { type HeldConsent, selectGiver } from './store/hold-consents.ts'

/** A change by the customer who is named, or by whoever of the staff gives a reason. */
type HeldChange = { readonly verb: string; readonly consentId: string; readonly idempotencyKey: string } & (
  | { readonly accountKey: string }
  | { readonly reason: string }
)

/** Whose doing it is; of the staff, who and why, for us alone. */
export type Doer = { readonly by: Mover; readonly reason?: string; readonly person?: string }

/**
 * Lets the work change one consent, once for a key, and returns what it is then. The customer's row is held first, then the
 * consent. Throws `NOT_FOUND` for a consent that is not the customer's own, or is nobody's, and `IDEMPOTENCY_CONFLICT`.
 */
export async function changeHeld(
  context: Context,
  change: HeldChange,
  work: (tx: Transaction, held: HeldConsent, doer: Doer) => Promise<void>,
): Promise<Consent> {
  const { verb, consentId, idempotencyKey: key } = change
  const consent = parseId('cns', consentId)
  const { reads } = context.database
  const customer =
    'accountKey' in change ? (await requireCustomer(reads, change.accountKey)).id : await requireGiver(reads, consent)
  const doer: Doer =
    'reason' in change ? { by: 'COMPLIANCE', reason: change.reason, person: context.actor } : { by: 'CUSTOMER' }
  const scope = `${customer}:consents.${verb}${'reason' in change ? `:${context.actor}` : ''}`
  const request = { consent, reason: doer.reason ?? null }
  const { answer } = await once<ConsentAnswer>(context, { scope, key, request }, async (tx) => {
    await holdCustomer(tx, customer, 'key share')
    await work(tx, await requireOwn(tx, customer, consent), doer)
    return answerOf(await selectConsent(tx, customer, consent))
  })
  return consentOf(answer)
}

async function requireGiver(sql: Reader, consent: Id<'cns'>): Promise<Id<'cus'>> {
  const giver = await selectGiver(sql, consent)
  if (giver === undefined) throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(consent)} here`)
  return giver
}
