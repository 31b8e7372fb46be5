import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import { accountKey, consentId, idempotencyKey } from './consent-input.ts'
import { endRequests } from './end-requests.ts'
import { refuseDecided, requireRequest } from './require-request.ts'
import { type Customer, holdCustomer, requireCustomer } from './store/customers.ts'

const rejectConsentInput = z.strictObject({ request: consentId, accountKey, idempotencyKey })

/** Which request the signed-in customer refuses. */
export type RejectConsentInput = z.input<typeof rejectConsentInput>

/** A request that was refused. */
export type RejectedRequest = { readonly id: Id<'cns'>; readonly status: 'REJECTED' }

/**
 * Refuses what a partner asked for; one that was refused before is returned as it is. Throws what {@link openRequest}
 * throws, `CONSENT_CHANGED` when the customer agreed to it at the same moment, and `WRONG_STATE` when it has lapsed.
 */
export async function rejectConsent(context: Context, input: RejectConsentInput): Promise<RejectedRequest> {
  const { request, accountKey: account, idempotencyKey: key } = parseWith(rejectConsentInput, input, 'refusal')
  const id = parseId('cns', request)
  const customer = await requireCustomer(context.database.reads, account)
  const { answer } = await once<RejectedRequest>(
    context,
    { scope: `${customer.id}:consents.reject`, key, request: { id } },
    (tx) => rejectIn(context, tx, { id, customer }),
  )
  return answer
}

async function rejectIn(
  context: Context,
  tx: Transaction,
  { id, customer }: { readonly id: Id<'cns'>; readonly customer: Customer },
): Promise<RejectedRequest> {
  await holdCustomer(tx, customer.id, 'key share')
  const { request } = await requireRequest(tx, id, customer)
  if (request.status !== 'REJECTED') {
    refuseDecided(request)
    const at = await databaseTime(tx)
    await endRequests(context, tx, [request], { customer: customer.id, at })
  }
  return { id, status: 'REJECTED' }
}
