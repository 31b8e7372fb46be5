import type { Consent } from '../../customers/consent.ts'
import { findOwnConsent } from '../../customers/find-own-consent.ts'
import { type ConsentReceipt, listReceipts } from '../../customers/list-receipts.ts'
import { nameOfJurisdiction } from '../../kernel/jurisdiction.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { wordsIn } from '../consent-pages/words-in.ts'
import { dayOf, type Names, namesFor, timeOf } from './names.ts'
import { narrowForm } from './narrow-form.ts'
import { carried, type OwnVisit, sendOwn } from './own-visit.ts'
import { isPresent } from './own-words.ts'
import { MINE } from './session.ts'

/** One consent: what it says, what can be done about it, and what happened to it. */
export async function showConsent(visit: OwnVisit, problem?: 'unchanged' | 'chooseOne'): Promise<void> {
  const { parts, session, words, language, request } = visit
  const { accountKey } = session
  const consent = await findOwnConsent(parts.context, { accountKey, consentId: String(request.params['id']) })
  const issuer = parts.addresses.origin
  const [receipts, names] = await Promise.all([
    listReceipts(parts.context, { consentId: consent.id, issuer, accountKey }),
    namesFor(parts.context, language, [consent.partnerId]),
  ])
  // what became of the partner's copy of a past consent is told in a section of its own, before the steps
  const sections = [
    factsOf(visit, consent, names),
    ...(isPresent(consent.status) ? changesOf(visit, consent, names) : []),
    stepsOf(visit, consent, receipts),
  ]
  const title = words.title(names.partner(consent.partnerId))
  sendOwn(visit, { title, body: html`${sections}`, problem: problem && words[problem] })
}

function factsOf({ words, language }: OwnVisit, consent: Consent, names: Names): Html {
  const common = wordsIn(language)
  const { partnerId, purpose, usage, maxPerDay, retentionDays, crossBorder, endedAt, amends } = consent
  const howOften = usage === 'ONCE' ? common.once : common.recurring(maxPerDay)
  const facts: readonly (readonly [string, string | Html | undefined])[] = [
    [words.state, words.status[consent.status]],
    [common.recipient, names.partner(partnerId)],
    [common.purpose, names.purpose(purpose)],
    [words.shared, names.tags(consent.tags)],
    [common.howOften, howOften],
    [common.kept, retentionDays === undefined ? undefined : common.keptDays(retentionDays)],
    [words.border, crossBorder && (nameOfJurisdiction(crossBorder, language) ?? crossBorder)],
    [words.given, dayOf(consent.grantedAt, language)],
    [words.until, dayOf(consent.expiresAt, language)],
    [words.ended, endedAt && timeOf(endedAt, language)],
    [words.amended, amends && html`<a href="${MINE}/consents/${amends}">${amends}</a>`],
  ]
  const said = facts.flatMap(([name, value]) => (value === undefined ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`]))
  const code = names.code(partnerId)
  const reads =
    code && html`<p><a href="${MINE}/reads?partner=${code}">${words.readsOf(names.partner(partnerId))}</a></p>`
  return html`<section><dl>${said}</dl>${reads}</section>`
}

function changesOf(visit: OwnVisit, consent: Consent, names: Names): readonly Html[] {
  const { words } = visit
  const { id, partnerId, status, suspendedBy } = consent
  const code = names.code(partnerId)
  const act = (verb: string, label: string, lead: string) =>
    html`<section><p>${lead}</p><form method="post" action="${MINE}/consents/${id}/${verb}">${carried(visit)}<button>${label}</button></form></section>`
  const pause =
    status === 'AUTHORISED'
      ? act('pause', words.pause, words.pauseLead)
      : suspendedBy === 'CUSTOMER'
        ? act('resume', words.resume, words.pauseLead)
        : html`<section><p>${words.pausedByUs}</p></section>`
  return [
    ...(status === 'AUTHORISED' ? [narrowForm(visit, consent, names)] : []),
    pause,
    act('revoke', words.end, words.endLead),
    html`<p>${code && html`<a href="${MINE}/end?partner=${code}">${words.endPartner(names.partner(partnerId))}</a>`}</p>`,
  ]
}

function stepsOf({ words, language }: OwnVisit, { id }: Consent, receipts: readonly ConsentReceipt[]): Html {
  const steps = receipts.map(
    ({ status, by, at, record }) =>
      html`<dt>${timeOf(at, language)}</dt><dd>${words.status[status]} (${words.mover[by]}) – <a href="${MINE}/consents/${id}/receipts/${record}">${words.receipt}</a></dd>`,
  )
  return html`<h2>${words.steps}</h2><section><dl>${steps}</dl></section>`
}
