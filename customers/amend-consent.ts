import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, newId, parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { refuseBeyond } from './consent-bounds.ts'
import { accountKey, consentId, evidence, idempotencyKey, instant, sharedTags } from './consent-input.ts'
import { refuseUnfit } from './consent-rules.ts'
import { giveConsent } from './give-consent.ts'
import { refuseEnded, requireOwn } from './require-own.ts'
import { selectConsent } from './store/consents.ts'
import { type Customer, holdCustomer, requireCustomer } from './store/customers.ts'

const amendConsentInput = z.strictObject({
  accountKey,
  consentId,
  tags: sharedTags.optional(),
  expiresAt: instant.optional(),
  evidence,
  idempotencyKey,
})

/** The signed-in customer, which consent, and what is left of it. */
export type AmendConsentInput = z.input<typeof amendConsentInput>
type Parsed = Pick<z.output<typeof amendConsentInput>, 'tags' | 'expiresAt' | 'evidence'>

/**
 * Narrows a consent of the signed-in customer: fewer tags, coarser ones, a shorter time. The next version takes its place,
 * under the notice that the customer was shown for the first one. More than there was is asked for by the partner, or given
 * anew with {@link grantConsent}. Throws `INVALID_INPUT` for what goes beyond it, `NOT_FOUND` for any consent but the
 * customer's own, `CONSENT_CHANGED` when it has ended, `WRONG_STATE` while it is suspended, and `IDEMPOTENCY_CONFLICT`.
 */
export async function amendConsent(context: Context, input: AmendConsentInput): Promise<Consent> {
  const {
    accountKey: account,
    consentId: text,
    idempotencyKey: key,
    ...left
  } = parseWith(amendConsentInput, input, 'amendment')
  const customer = await requireCustomer(context.database.reads, account)
  const consent = parseId('cns', text)
  const request = { consent, ...left, expiresAt: left.expiresAt?.toISOString() }
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.amend`, key, request },
    async (tx) => answerOf(await amendIn(context, tx, { customer, consent, left })),
  )
  return consentOf(answer)
}

type Amendment = { readonly customer: Customer; readonly consent: Id<'cns'>; readonly left: Parsed }

async function amendIn(context: Context, tx: Transaction, { customer, consent, left }: Amendment): Promise<Consent> {
  await holdCustomer(tx, customer.id, 'key share')
  const held = await requireOwn(tx, customer.id, consent)
  refuseEnded(held)
  if (held.status === 'SUSPENDED') throw new Fault('WRONG_STATE', `consent ${consent} is suspended: resume it first`)
  const { usage, maxPerDay, retentionDays, noticeVersion, crossBorder, ...current } = await selectConsent(
    tx,
    customer.id,
    consent,
  )
  const narrowed = { tags: left.tags ?? current.tags, expiresAt: left.expiresAt ?? current.expiresAt }
  refuseBeyond(current, narrowed)
  const limits = { usage, maxPerDay, retentionDays }
  const { partner, purpose } = held
  const asked = { recipient: { id: partner }, purpose, ...narrowed, ...limits, crossBorder: crossBorder !== undefined }
  await refuseUnfit(tx, asked, customer)
  // where it may go is what was agreed to, wherever the partner is by now
  const given = { ...narrowed, ...limits, noticeVersion, crossBorder, evidence: left.evidence }
  return giveConsent(context, tx, { id: newId('cns'), customer: customer.id, partner, purpose, change: 1, given })
}
