import type { Consent } from '../../customers/consent.ts'
import { listLeavers } from '../../customers/exits/list-exit-notices.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { findPreferences } from '../../customers/preferences/find-preferences.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { dayOf, type Names, namesFor } from './names.ts'
import { carried, type OwnVisit, sendOwn } from './own-visit.ts'
import { isPresent } from './own-words.ts'
import { MINE } from './session.ts'

const PAGE = 50

/** All that a customer has ever agreed to, the newest first; from here everything else is reached. */
export async function showList(visit: OwnVisit): Promise<void> {
  const { parts, session, words, language, request } = visit
  const { after } = request.query
  const from = typeof after === 'string' ? { after } : {}
  const [page, preferences, leavers] = await Promise.all([
    listConsents(parts.context, session, { first: PAGE, ...from }),
    findPreferences(parts.context, session),
    listLeavers(parts.context, session),
  ])
  const consents = page.edges.map(({ node }) => node)
  const partners = [...consents.map(({ partnerId }) => partnerId), ...leavers.map(({ partner }) => partner)]
  const names = await namesFor(parts.context, language, partners)
  const present = consents.filter(({ status }) => isPresent(status))
  const past = consents.filter(({ status }) => !isPresent(status))
  const cursor = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined
  const left = leavers.map(
    ({
      partner,
      at,
    }) => html`<p role="status" class="card">${words.left(names.partner(partner), dayOf(at, language))}</p>
`,
  )
  const body = html`${left}<h2>${words.present}</h2>${cardsOf(present, visit, names)}
${present.length > 0 ? html`<p><a href="${MINE}/end">${words.endAll}</a></p>` : undefined}
<h2>${words.past}</h2>${cardsOf(past, visit, names)}
${cursor && html`<p><a href="${MINE}?after=${cursor}">${words.older}</a></p>`}
${switchOf(visit, preferences.recommendations)}`
  sendOwn(visit, { title: words.mine, body })
}

function cardsOf(consents: readonly Consent[], { words, language }: OwnVisit, names: Names): Html {
  if (consents.length === 0) return html`<p class="soft">${words.none}</p>`
  const cards = consents.map(
    ({ id, partnerId, purpose, status, tags, expiresAt, endedAt }) =>
      html`<a class="card" href="${MINE}/consents/${id}"><section><b>${names.partner(partnerId)}</b> – ${names.purpose(purpose)}<br>
<span class="state">${words.status[status]}</span> ${endedAt ? `${words.ended}: ${dayOf(endedAt, language)}` : `${words.until}: ${dayOf(expiresAt, language)}`}<br>
<span class="soft">${names.tags(tags)}</span></section></a>
`,
  )
  return html`${cards}`
}

function switchOf(visit: OwnVisit, on: boolean): Html {
  const { words } = visit
  return html`<h2>${words.recommendations}</h2><section><p>${on ? words.recommendationsOn : words.recommendationsOff}</p>
<form method="post" action="${MINE}/recommendations">${carried(visit)}<button name="on" value="${on ? 'no' : 'yes'}">${on ? words.switchOff : words.switchOn}</button></form></section>`
}
