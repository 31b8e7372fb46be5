import type { Transaction } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { holdsPlace } from './consent-moves.ts'
import { type HeldConsent, holdOwn } from './store/hold-consents.ts'

/** Holds a customer's own consent until the transaction ends. Throws `NOT_FOUND` for any other. */
export async function requireOwn(tx: Transaction, customer: Id<'cus'>, consent: Id<'cns'>): Promise<HeldConsent> {
  const held = await holdOwn(tx, customer, consent)
  if (!held) throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(consent)} here`)
  return held
}

/** Throws `CONSENT_CHANGED` when another consent has taken the place of this one. */
export function refuseSuperseded({ id, status }: HeldConsent): void {
  if (status === 'SUPERSEDED') throw new Fault('CONSENT_CHANGED', `another consent took the place of ${id}`)
}

/** Throws `CONSENT_CHANGED` when a consent has ended, however. */
export function refuseEnded(held: HeldConsent): void {
  refuseSuperseded(held)
  if (holdsPlace(held.status)) return
  throw new Fault('CONSENT_CHANGED', `consent ${held.id} is ${held.status} and stays so`)
}
