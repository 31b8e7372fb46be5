import type { Request, Response } from 'express'
import { authoriseConsent } from '../../customers/authorise-consent.ts'
import type { Consent } from '../../customers/consent.ts'
import { openRequest } from '../../customers/open-request.ts'
import { rejectConsent } from '../../customers/reject-consent.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { CUSTOMER_TAGS, type TagsGranted } from '../oauth/customer-tags.ts'
import { type ConsentOffer, consentOffer } from './consent-offer.ts'
import { textHashOf } from './consent-page.ts'
import { finishDenied, finishGranted } from './finish-interaction.ts'
import type { Language } from './language.ts'
import type { Ending } from './message-pages.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { type Choice, readChoice } from './read-choice.ts'

/** Who decides, by both names. */
export type Decider = { readonly id: `cus_${string}`; readonly accountKey: string }

/** What came of the form: the page is shown once more, or it is over and goes back. */
export type Decision =
  | { readonly again: 'chooseOne' | 'changed' | 'tickBorder'; readonly offer: ConsentOffer }
  | { readonly ending: Ending; readonly address: string }

/**
 * What the customer sees of the request, which is theirs from then on. Throws `CONSENT_CHANGED` when it was answered or has
 * lapsed meanwhile: what they would see then is no longer what they are asked.
 */
export async function offerOf(
  context: Context,
  { request, partner, reference }: OpenInteraction,
  { customer, language }: { readonly customer: Decider; readonly language: Language },
): Promise<ConsentOffer> {
  const opened = await openRequest(context, { request: request.id, accountKey: customer.accountKey })
  if (opened.request.status !== 'AWAITING') {
    throw new Fault('CONSENT_CHANGED', `request ${request.id} is ${opened.request.status} by now`)
  }
  return consentOffer(context, { opened, customer: customer.id, partner, language, reference })
}

/**
 * Does what the form of the consent page says. Of an agreement and a refusal that come at once, one wins. Throws
 * `CONSENT_CHANGED` to the other, `WRONG_STATE` when the request has lapsed, and `INVALID_INPUT` for a form that is not ours.
 */
export async function decide(
  context: Context,
  open: OpenInteraction,
  exchange: { readonly request: Request; readonly response: Response },
  {
    form,
    customer,
    language,
    resource,
  }: {
    readonly form: URLSearchParams
    readonly customer: Decider
    readonly language: Language
    readonly resource: string
  },
): Promise<Decision> {
  const { request } = open
  const { accountKey } = customer
  const key = `authorization:${request.id}`
  if (form.get('decision') === 'refuse') {
    await rejectConsent(context, { request: request.id, accountKey, idempotencyKey: key })
    return { ending: 'refused', address: await finishDenied(open, exchange, 'the customer refused') }
  }
  if (form.get('decision') !== 'agree') throw new Fault('INVALID_INPUT', 'the form says nothing that we know')
  const offer = await offerOf(context, open, { customer, language })
  // what was read is what is agreed to: when the words are others by now, the customer sees them first
  if (form.get('seen') !== textHashOf(offer)) return { again: 'changed', offer }
  const choice = readChoice(form, offer)
  if (choice === undefined) throw new Fault('INVALID_INPUT', 'the form chooses what was not offered')
  if (choice.tags.length === 0) return { again: 'chooseOne', offer }
  if (offer.abroad !== undefined && !choice.crossesBorder) return { again: 'tickBorder', offer }
  const consent = await authoriseConsent(context, {
    request: request.id,
    accountKey,
    ...writeChoice(choice),
    noticeVersion: offer.noticeVersion,
    ...(offer.abroad !== undefined && { crossBorder: true }),
    evidence: { textHash: textHashOf(offer), locale: language, channel: 'consent-page', ...evidenceOf(open) },
    idempotencyKey: key,
  })
  const granted = grantedOf(consent, choice.links ? open.reference : undefined)
  return {
    ending: 'agreed',
    address: await finishGranted(open, exchange, { customer: customer.id, resource, granted }),
  }
}

function writeChoice({ tags, expiresAt }: Choice) {
  return { tags: tags.map((tag) => ({ ...tag })), expiresAt }
}

function evidenceOf({ interaction }: OpenInteraction) {
  const { acr, amr, ts } = interaction.lastSubmission?.login ?? {}
  const authTime = ts === undefined ? {} : { authTime: new Date(ts * 1000).toISOString() }
  return { authentication: { ...(acr && { acr }), ...(amr && { amr }), ...authTime } }
}

/** What the token response tells of a consent, joined to what the partner calls the customer if that may be. */
export function grantedOf(consent: Consent, reference?: string): TagsGranted {
  const { id, subject, purpose, tags, expiresAt, usage, maxPerDay, retentionDays, crossBorder } = consent
  return {
    type: CUSTOMER_TAGS,
    purpose,
    tags: tags.map((tag) => ({ ...tag })),
    expires: expiresAt.toISOString(),
    usage: usage === 'ONCE' ? 'once' : 'recurring',
    ...(maxPerDay !== undefined && { maxPerDay }),
    retentionDays: retentionDays ?? 0,
    ...(crossBorder !== undefined && { crossBorder: true }),
    ...(reference !== undefined && { reference }),
    consent_id: id,
    subject,
  }
}
