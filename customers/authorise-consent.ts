import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { refuseBeyond } from './consent-bounds.ts'
import {
  accountKey,
  consentId,
  crossBorder,
  evidence,
  idempotencyKey,
  instant,
  noticeVersion,
  sharedTags,
} from './consent-input.ts'
import { noticeInForce, refuseUnfit } from './consent-rules.ts'
import { giveConsent } from './give-consent.ts'
import { refuseUnpermitted } from './refuse-unpermitted.ts'
import { refuseDecided, requireRequest } from './require-request.ts'
import { type Customer, holdCustomer, requireCustomer } from './store/customers.ts'
import { decideRequests } from './store/requests.ts'

const authoriseConsentInput = z.strictObject({
  request: consentId,
  accountKey,
  tags: sharedTags.optional(),
  expiresAt: instant.optional(),
  noticeVersion: noticeVersion.optional(),
  crossBorder,
  evidence,
  idempotencyKey,
})

/** Which request the customer agrees to, and what of it; all of it unless narrowed. */
export type AuthoriseConsentInput = z.input<typeof authoriseConsentInput>
type Parsed = Omit<z.output<typeof authoriseConsentInput>, 'idempotencyKey' | 'accountKey' | 'request'>

/**
 * Gives the consent that a partner asked for, or less: some of the tags, coarser ones, a shorter time. It has the request's
 * id. `noticeVersion` is the notice that was shown, the request's own unless told; `crossBorder: true` is
 * needed where the partner is not here. Throws what {@link openRequest} and
 * {@link grantConsent} throw, `CONSENT_CHANGED` when the request was answered already, and `WRONG_STATE` when it has lapsed.
 */
export async function authoriseConsent(context: Context, input: AuthoriseConsentInput): Promise<Consent> {
  const {
    idempotencyKey: key,
    request: text,
    accountKey: account,
    ...agreed
  } = parseWith(authoriseConsentInput, input, 'agreement')
  const id = parseId('cns', text)
  const customer = await requireCustomer(context.database.reads, account)
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.authorise`, key, request: { id, ...requestOf(agreed) } },
    async (tx) => answerOf(await authoriseIn(context, tx, { id, customer, agreed })),
  )
  return consentOf(answer)
}

function requestOf({ expiresAt, noticeVersion: notice, ...rest }: Parsed) {
  return { ...rest, expiresAt: expiresAt?.toISOString(), notice: notice === undefined ? null : BigInt(notice) }
}

type Agreement = { readonly id: Id<'cns'>; readonly customer: Customer; readonly agreed: Parsed }

async function authoriseIn(context: Context, tx: Transaction, { id, customer, agreed }: Agreement): Promise<Consent> {
  await holdCustomer(tx, customer.id, 'key share')
  const { request } = await requireRequest(tx, id, customer)
  refuseDecided(request)
  const { partnerId: partner, purpose, usage, maxPerDay, retentionDays } = request
  const narrowed = { tags: agreed.tags ?? request.tags, expiresAt: agreed.expiresAt ?? request.expiresAt }
  refuseBeyond(request, narrowed)
  const limits = { usage, maxPerDay, retentionDays }
  const asked = { recipient: { id: partner }, purpose, ...narrowed, ...limits, crossBorder: agreed.crossBorder }
  const { abroad } = await refuseUnfit(tx, asked, customer)
  await refuseUnpermitted(tx, { partner, purpose, tags: narrowed.tags })
  const notice = await noticeInForce(tx, purpose, agreed.noticeVersion ?? request.noticeVersion)
  const given = { ...narrowed, ...limits, noticeVersion: notice, crossBorder: abroad, evidence: agreed.evidence }
  const consent = await giveConsent(context, tx, { id, customer: customer.id, partner, purpose, change: 2, given })
  const decision = { status: 'AUTHORISED', decidedAt: consent.grantedAt, record: consent.record } as const
  await decideRequests(tx, [{ id, customer: customer.id, version: 2, ...decision }])
  return consent
}
