import { listStaffReads } from '../../customers/cases/read-case.ts'
import type { StaffRead } from '../../customers/cases/staff-case.ts'
import type { Disclosure } from '../../customers/disclosure.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { listDisclosures } from '../../customers/list-disclosures.ts'
import { Fault } from '../../kernel/fault.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { type Names, namesFor, timeOf } from './names.ts'
import { type OwnVisit, sendOwn } from './own-visit.ts'
import { MINE } from './session.ts'

const PAGE = 20

/** Who read what and when, a page at a time, of everyone or of one partner. */
export async function showReads(visit: OwnVisit): Promise<void> {
  const { parts, session, words, language, request } = visit
  const { after, partner: code } = request.query
  const partner = typeof code === 'string' ? await findPartner(parts.context, code) : undefined
  if (code !== undefined && partner === undefined) throw new Fault('NOT_FOUND', 'there is no such partner')
  const from = typeof after === 'string' ? { after } : {}
  const [page, given, looks] = await Promise.all([
    listDisclosures(parts.context, { ...session, partner: partner?.id }, { first: PAGE, ...from }),
    listConsents(parts.context, session, { first: 100 }),
    listStaffReads(parts.context, { ...session, page: { first: PAGE } }),
  ])
  const reads = page.edges.map(({ node }) => node)
  const ids = [...new Set([...given.edges.map(({ node }) => node), ...reads].map(({ partnerId }) => partnerId))]
  const names = await namesFor(parts.context, language, ids)
  const choice = ids.flatMap((id) => {
    const its = names.code(id)
    return its === undefined ? [] : [html`<a href="${MINE}/reads?partner=${its}">${names.partner(id)}</a>`]
  })
  const cursor = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined
  const next = cursor && new URLSearchParams({ ...(partner && { partner: partner.code }), after: cursor }).toString()
  const body = html`<p class="soft">${words.readsLead}</p><div class="ways"><a href="${MINE}/reads">${words.everyone}</a>${choice}</div>
${reads.length === 0 ? html`<p>${words.noReads}</p>` : reads.map((read) => readOf(read, visit, names))}
${next && html`<p><a href="${MINE}/reads?${next}">${words.older}</a></p>`}
${looksOf(
  looks.edges.map(({ node }) => node),
  visit,
)}`
  sendOwn(visit, { title: partner ? words.readsOf(partner.name) : words.reads, body })
}

/** When somebody of the staff looked, the last times. */
function looksOf(looks: readonly StaffRead[], { words, language }: OwnVisit): Html | undefined {
  if (looks.length === 0) return undefined
  const times = looks.map(
    ({ at }) => html`<li><time datetime="${at.toISOString()}">${timeOf(at, language)}</time></li>`,
  )
  return html`<h2>${words.looks}</h2><section><p>${words.looksLead}</p><ul>${times}</ul></section>`
}

function readOf({ at, partnerId, purpose, tags, outcome, consentId }: Disclosure, visit: OwnVisit, names: Names): Html {
  const { words, language } = visit
  const got = outcome === 'disclosed' ? names.tags(tags) : words.nothingRead
  const under = consentId && html`<br><a href="${MINE}/consents/${consentId}">${words.toConsent}</a>`
  return html`<section><b>${names.partner(partnerId)}</b> – ${names.purpose(purpose)}<br><time datetime="${at.toISOString()}">${timeOf(at, language)}</time>: ${got}${under}</section>
`
}
