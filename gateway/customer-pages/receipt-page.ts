import { decodeJwt } from 'jose'
import { type ConsentReceipt, listReceipts } from '../../customers/list-receipts.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { html } from '../consent-pages/html.ts'
import { timeOf } from './names.ts'
import { type OwnVisit, sendOwn } from './own-visit.ts'
import { MINE } from './session.ts'

/** What a receipt says. */
export async function showReceipt(visit: OwnVisit): Promise<void> {
  const { words, language, request } = visit
  const { status, by, at, record, jws } = await receiptMeant(visit)
  const id = String(request.params['id'])
  const body = html`<section><p>${timeOf(at, language)} UTC: ${words.status[status]} (${words.mover[by]})</p>
<p class="soft">${words.receiptLead}</p><p><a class="button main" href="${MINE}/consents/${id}/receipts/${record}/file">${words.receiptSave}</a></p></section>
<section><pre>${JSON.stringify(decodeJwt(jws), null, 2)}</pre></section>`
  sendOwn(visit, { title: words.receiptTitle, body })
}

/** The receipt itself, as a file: a JWS in its compact form (RFC 7515 §7.1). */
export async function sendReceipt(visit: OwnVisit): Promise<void> {
  const { record, jws } = await receiptMeant(visit)
  visit.response.set('cache-control', 'no-store').attachment(`receipt-${record}.jws`).type('application/jose').send(jws)
}

async function receiptMeant({ parts, session, request }: OwnVisit): Promise<ConsentReceipt> {
  const { id, record } = request.params
  const consentId = String(id)
  const { accountKey } = session
  const asked = { consentId, issuer: parts.addresses.origin, accountKey }
  const receipts = isId('cns', consentId) ? await listReceipts(parts.context, asked) : []
  const receipt = receipts.find((one) => one.record === record)
  if (receipt === undefined) throw new Fault('NOT_FOUND', 'there is no such receipt here')
  return receipt
}
