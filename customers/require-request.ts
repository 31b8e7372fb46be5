import type { Transaction } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import type { ConsentRequest } from './consent-request.ts'
import type { Customer } from './store/customers.ts'
import { bindCustomer, type HeldRequest, holdRequest } from './store/requests.ts'

/** Holds a request for the customer who signed in, bound to them. Throws `NOT_FOUND` when another one opened it. */
export async function requireRequest(tx: Transaction, id: Id<'cns'>, customer: Customer): Promise<HeldRequest> {
  const held = await holdRequest(tx, id)
  if (!held || (held.customer !== undefined && held.customer !== customer.id)) {
    throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(id)} here`)
  }
  if (held.customer === undefined && held.request.status === 'AWAITING') await bindCustomer(tx, id, customer.id)
  return held
}

/** Throws what whoever comes too late is told: it was answered already, or nobody answered in time. */
export function refuseDecided({ id, status }: ConsentRequest): void {
  if (status === 'AWAITING') return
  if (status === 'LAPSED') throw new Fault('WRONG_STATE', `request ${id} has lapsed: the partner must ask again`)
  throw new Fault('CONSENT_CHANGED', `request ${id} was answered already`)
}
