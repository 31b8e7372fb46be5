import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import type { Consent } from './consent.ts'
import { selectOwnConsents } from './store/consents.ts'
import { requireCustomer } from './store/customers.ts'

/** A consent of the signed-in customer. Throws `NOT_FOUND`, the same for anybody else's as for one that there is not. */
export async function findOwnConsent(
  { database }: Context,
  { accountKey, consentId }: { readonly accountKey: string; readonly consentId: string },
): Promise<Consent> {
  const { id: customer } = await requireCustomer(database.reads, accountKey)
  const [consent] = isId('cns', consentId) ? await selectOwnConsents(database.reads, [consentId], { customer }) : []
  if (consent === undefined) throw new Fault('NOT_FOUND', 'there is no such consent here')
  return consent
}
