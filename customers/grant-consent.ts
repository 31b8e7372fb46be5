import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { newId } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import {
  accountKey,
  crossBorder,
  evidence,
  idempotencyKey,
  instant,
  limits,
  noticeVersion,
  purposeKey,
  sharedTags,
} from './consent-input.ts'
import { noticeInForce, refuseUnfit } from './consent-rules.ts'
import { giveConsent } from './give-consent.ts'
import { refuseUnpermitted } from './refuse-unpermitted.ts'
import { type Customer, holdCustomer, requireCustomer } from './store/customers.ts'

const grantConsentInput = z.strictObject({
  accountKey,
  partnerCode: lineOfText(60),
  purpose: purposeKey,
  tags: sharedTags,
  expiresAt: instant,
  ...limits,
  noticeVersion: noticeVersion.optional(),
  crossBorder,
  evidence,
  idempotencyKey,
})

/**
 * Who lets whom read what, for what and until when, and how the customer said so. Unless told otherwise it may be used again
 * and again. `noticeVersion` is needed where the purpose has a notice, `crossBorder: true` where the partner is
 * not here.
 */
export type GrantConsentInput = z.input<typeof grantConsentInput>
type ParsedGrant = z.output<typeof grantConsentInput>

/**
 * Records what the signed-in customer agreed to in the broker's own app. One that counted for the same partner and purpose
 * is superseded in the same transaction. Throws `INVALID_INPUT` (tags outside the purpose's catalogue, a granularity that
 * the tag does not allow, an expiry that is past or too far), `NOT_FOUND` (customer, partner or purpose), `WRONG_STATE` (the
 * partner may not be given consents, or none of real customers, or compliance has suspended the one before),
 * `NOTICE_CHANGED`, `CONSENT_CHANGED` when another was given at the same moment, and `IDEMPOTENCY_CONFLICT`.
 */
export async function grantConsent(context: Context, input: GrantConsentInput): Promise<Consent> {
  const { idempotencyKey: key, ...grant } = parseWith(grantConsentInput, input, 'consent')
  const customer = await requireCustomer(context.database.reads, grant.accountKey)
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.grant`, key, request: requestOf(grant) },
    async (tx) => answerOf(await grantIn(context, tx, customer, grant)),
  )
  return consentOf(answer)
}

type Grant = Omit<ParsedGrant, 'idempotencyKey'>

function requestOf({ accountKey: _, expiresAt, maxPerDay, retentionDays, noticeVersion: notice, ...rest }: Grant) {
  const counts = [maxPerDay, retentionDays, notice].map((count) => (count === undefined ? null : BigInt(count)))
  return { ...rest, expiresAt: expiresAt.toISOString(), counts }
}

async function grantIn(context: Context, tx: Transaction, customer: Customer, grant: Grant): Promise<Consent> {
  const {
    accountKey: _,
    partnerCode,
    noticeVersion: shown,
    crossBorder: said,
    purpose,
    maxPerDay,
    retentionDays,
    ...rest
  } = grant
  await holdCustomer(tx, customer.id, 'key share')
  const asked = { recipient: { code: partnerCode }, purpose, maxPerDay, retentionDays, crossBorder: said, ...rest }
  const { partner, abroad } = await refuseUnfit(tx, asked, customer)
  await refuseUnpermitted(tx, { partner, purpose, tags: rest.tags })
  const notice = await noticeInForce(tx, purpose, shown)
  const given = { ...rest, maxPerDay, retentionDays, noticeVersion: notice, crossBorder: abroad }
  return giveConsent(context, tx, { id: newId('cns'), customer: customer.id, partner, purpose, change: 1, given })
}
