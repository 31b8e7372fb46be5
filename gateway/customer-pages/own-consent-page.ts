import type { Consent } from '../../customers/consent.ts'
import type { Deletion } from '../../customers/deletions/deletion.ts'
import { findDeletions } from '../../customers/deletions/list-deletions.ts'
import { findOwnConsent } from '../../customers/find-own-consent.ts'
import { type ConsentReceipt, listReceipts } from '../../customers/list-receipts.ts'
import { nameOfJurisdiction } from '../../kernel/jurisdiction.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { wordsIn } from '../consent-pages/words-in.ts'
import { complaintWords } from './complaint-words.ts'
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
  const [receipts, names, deletions] = await Promise.all([
    listReceipts(parts.context, { consentId: consent.id, issuer, accountKey }),
    namesFor(parts.context, language, [consent.partnerId]),
    findDeletions(parts.context, [consent.id]),
  ])
  const deletion = deletions.get(consent.id)
  const sections = [
    factsOf(visit, consent, names),
    ...(isPresent(consent.status) ? changesOf(visit, consent, names) : []),
    ...(deletion === undefined ? [] : [copyOf(visit, deletion)]),
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
    code &&
    html`<p><a href="${MINE}/reads?partner=${code}">${words.readsOf(names.partner(partnerId))}</a></p><p><a href="${MINE}/complaints?partner=${code}">${complaintWords(language).title}</a></p>`
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

/** What became of what the partner had read. */
function copyOf({ words, language }: OwnVisit, { toldAt, acknowledgedAt, dueAt, attestedAt, overdue }: Deletion): Html {
  const due = dayOf(dueAt, language)
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.copyTold, toldAt && timeOf(toldAt, language)],
    [words.copyHeard, acknowledgedAt && timeOf(acknowledgedAt, language)],
    [words.copyDue, overdue ? words.copyOverdue(due) : due],
    [words.copyDeleted, attestedAt && timeOf(attestedAt, language)],
  ]
  const said = facts.flatMap(([name, value]) => (value === undefined ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`]))
  return html`<h2>${words.copy}</h2><section><dl>${said}</dl></section>`
}

function stepsOf({ words, language }: OwnVisit, { id }: Consent, receipts: readonly ConsentReceipt[]): Html {
  const steps = receipts.map(
    ({ status, by, at, record }) =>
      html`<dt>${timeOf(at, language)}</dt><dd>${words.status[status]} (${words.mover[by]}) – <a href="${MINE}/consents/${id}/receipts/${record}">${words.receipt}</a></dd>`,
  )
  return html`<h2>${words.steps}</h2><section><dl>${steps}</dl></section>`
}
