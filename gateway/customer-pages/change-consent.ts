import { amendConsent } from '../../customers/amend-consent.ts'
import { findOwnConsent } from '../../customers/find-own-consent.ts'
import { switchRecommendations } from '../../customers/preferences/switch-recommendations.ts'
import { resumeConsent } from '../../customers/resume-consent.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { suspendConsent } from '../../customers/suspend-consent.ts'
import { Fault } from '../../kernel/fault.ts'
import { readNarrowed } from './narrow-form.ts'
import { showConsent } from './own-consent-page.ts'
import type { OwnVisit } from './own-visit.ts'
import { MINE } from './session.ts'

/** What a form does to one consent, by the verbs of the customer graph, once for the form's key. */
const VERBS = { pause: suspendConsent, resume: resumeConsent, revoke: revokeConsent } as const

/** Pauses, resumes or ends a consent; whatever else the address says is not there. */
export async function change(visit: OwnVisit): Promise<void> {
  const { parts, session, request, response, form } = visit
  const verb = String(request.params['verb'])
  if (verb !== 'pause' && verb !== 'resume' && verb !== 'revoke') throw new Fault('NOT_FOUND', 'there is nothing here')
  const { accountKey } = session
  const { id } = await findOwnConsent(parts.context, { accountKey, consentId: String(request.params['id']) })
  await VERBS[verb](parts.context, { accountKey, consentId: id, idempotencyKey: keyOf(form) })
  response.redirect(303, `${MINE}/consents/${id}`)
}

/** Narrows a consent; the browser goes to the version that takes its place. */
export async function narrow(visit: OwnVisit): Promise<void> {
  const { parts, session, request, response, form, language } = visit
  const { accountKey, authentication } = session
  const consent = await findOwnConsent(parts.context, { accountKey, consentId: String(request.params['id']) })
  const left = readNarrowed(form)
  if (left.tags.length === 0) return showConsent(visit, 'chooseOne')
  const same = new Set(consent.tags.map(({ key, granularity }) => `${key}:${granularity}`))
  const untouched =
    left.tags.length === same.size && left.tags.every((tag) => same.has(`${tag.key}:${tag.granularity}`))
  if (untouched && left.expiresAt === undefined) return showConsent(visit, 'unchanged')
  const { amr, ...proof } = authentication
  const amended = await amendConsent(parts.context, {
    accountKey,
    consentId: consent.id,
    ...left,
    evidence: {
      locale: language,
      channel: 'customer-pages',
      authentication: { ...proof, ...(amr && { amr: [...amr] }) },
    },
    idempotencyKey: keyOf(form),
  })
  response.redirect(303, `${MINE}/consents/${amended.id}`)
}

/** Switches recommendations off or on. */
export async function switchOver({ parts, session, response, form }: OwnVisit): Promise<void> {
  const on = form.get('on')
  if (on !== 'yes' && on !== 'no') throw new Fault('INVALID_INPUT', 'the form says neither on nor off')
  const { accountKey } = session
  await switchRecommendations(parts.context, { accountKey, on: on === 'yes', idempotencyKey: keyOf(form) })
  response.redirect(303, MINE)
}

/** The key under which a form counts once, however often it is sent. */
export function keyOf(form: URLSearchParams): string {
  return form.get('key') ?? ''
}
