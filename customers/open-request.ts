import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import type { Consent } from './consent.ts'
import { type ConsentDifference, differenceBetween } from './consent-difference.ts'
import { accountKey, consentId } from './consent-input.ts'
import type { ConsentRequest } from './consent-request.ts'
import type { Notice } from './notice.ts'
import { requireRequest } from './require-request.ts'
import { selectConsent } from './store/consents.ts'
import { holdCustomer, requireCustomer } from './store/customers.ts'
import { holdInPlace } from './store/hold-consents.ts'
import { selectCurrentNotice } from './store/notices.ts'

const openRequestInput = z.strictObject({ request: consentId, accountKey })

/** Which request, and who has signed in to look at it. */
export type OpenRequestInput = z.input<typeof openRequestInput>

/** What a customer is shown before they answer. */
export type OpenedRequest = {
  readonly request: ConsentRequest
  readonly notice: Notice | undefined
  /** The consent in whose place this one would be, and what would change. */
  readonly current: Consent | undefined
  readonly difference: ConsentDifference | undefined
}

/**
 * Opens a partner's request for the customer who signed in, and binds it to them: nobody else can answer it from then on.
 * Throws `NOT_FOUND` for an unknown request or account, and for a request that another customer has opened.
 */
export async function openRequest(context: Context, input: OpenRequestInput): Promise<OpenedRequest> {
  const { request: text, accountKey: key } = parseWith(openRequestInput, input, 'request')
  const id = parseId('cns', text)
  const customer = await requireCustomer(context.database.reads, key)
  return context.database.transaction(async (tx) => {
    await holdCustomer(tx, customer.id, 'key share')
    const { request } = await requireRequest(tx, id, customer)
    const place = { customer: customer.id, partner: request.partnerId, purpose: request.purpose }
    const held = await holdInPlace(tx, place)
    const current = held && (await selectConsent(tx, customer.id, held.id))
    const notice = await selectCurrentNotice(tx, request.purpose)
    return { request, notice, current, difference: current && differenceBetween(current, request) }
  })
}
