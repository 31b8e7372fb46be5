import { listConsents } from '../../customers/list-consents.ts'
import { revokeAll } from '../../customers/revoke-all.ts'
import { Fault } from '../../kernel/fault.ts'
import { findPartner } from '../../partners/find-partner.ts'
import type { Partner } from '../../partners/partner.ts'
import { html } from '../consent-pages/html.ts'
import { keyOf } from './change-consent.ts'
import { namesFor } from './names.ts'
import { carried, type OwnVisit, sendOwn } from './own-visit.ts'
import { isPresent } from './own-words.ts'
import { MINE } from './session.ts'

/** Tells what would end, before anything does: everything that stands, or what one partner may see. */
export async function showEnd(visit: OwnVisit, problem?: string): Promise<void> {
  const { parts, words, language } = visit
  const partner = await partnerMeant(visit)
  const standing = await standingOf(visit, partner)
  const names = await namesFor(
    parts.context,
    language,
    standing.map(({ partnerId }) => partnerId),
  )
  const items = standing.map(
    ({ partnerId, purpose, tags }) =>
      html`<section><b>${names.partner(partnerId)}</b> – ${names.purpose(purpose)}<br><span class="soft">${names.tags(tags)}</span></section>`,
  )
  const body =
    items.length === 0
      ? html`<p>${words.endNothing}</p>`
      : html`<p>${words.endWhat}</p>${items}
<form method="post" action="${MINE}/end">${carried(visit)}<input type="hidden" name="partner" value="${partner?.code ?? ''}">
<label class="pick"><input type="checkbox" name="sure" value="yes">${words.endTick}</label><p class="soft">${words.endLead}</p>
<p><button class="main">${words.endDo}</button></p></form>`
  sendOwn(visit, { title: partner ? words.endPartner(partner.name) : words.endTitle, body, problem })
}

/** Ends them, if the customer ticked that this is what they want. */
export async function endAll(visit: OwnVisit): Promise<void> {
  const { parts, session, words, form, response } = visit
  if (form.get('sure') !== 'yes') return showEnd(visit, words.tickFirst)
  const partner = await partnerMeant(visit)
  const { accountKey } = session
  const meant = partner && { partnerCode: partner.code }
  await revokeAll(parts.context, { accountKey, ...meant, idempotencyKey: keyOf(form) })
  response.redirect(303, MINE)
}

/** Throws `NOT_FOUND` for a partner that is none: it must never mean all of them. */
async function partnerMeant({ parts, request, form }: OwnVisit): Promise<Partner | undefined> {
  const code = request.method === 'POST' ? form.get('partner') : (request.query['partner'] ?? '')
  if (code === '') return undefined
  const partner = typeof code === 'string' ? await findPartner(parts.context, code) : undefined
  if (partner === undefined) throw new Fault('NOT_FOUND', 'there is no such partner')
  return partner
}

/** At most one stands for a partner and a purpose; those given long ago may be on later pages. */
async function standingOf({ parts, session }: OwnVisit, partner: Partner | undefined) {
  const standing = []
  let after: string | undefined
  do {
    const page = await listConsents(parts.context, session, { first: 100, after })
    standing.push(...page.edges.map(({ node }) => node).filter(({ status }) => isPresent(status)))
    after = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined
  } while (after !== undefined)
  return standing.filter(({ partnerId }) => partner === undefined || partnerId === partner.id)
}
