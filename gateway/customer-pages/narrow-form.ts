import type { Consent } from '../../customers/consent.ts'
import { GRANULARITIES, type SharedTag } from '../../customers/granularity.ts'
import { Fault } from '../../kernel/fault.ts'
import { addDays } from '../../kernel/month.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { wordsIn } from '../consent-pages/words-in.ts'
import { dayOf, type Names } from './names.ts'
import { carried, type OwnVisit } from './own-visit.ts'
import { MINE } from './session.ts'

const SHORTER_DAYS = [180, 90, 30, 7, 1]

/** The form by which a customer shares less: fewer things, less exactly, for a shorter time. */
export function narrowForm(visit: OwnVisit, consent: Consent, names: Names): Html {
  const { words, language, parts } = visit
  const common = wordsIn(language)
  const tags = consent.tags.map((tag) => tagOf(tag, visit, names))
  const now = parts.context.clock.now()
  const ends = SHORTER_DAYS.map((days) => ({ days, at: addDays(now, days) }))
    .filter(({ at }) => at < consent.expiresAt)
    .map(
      ({ days, at }) => html`<option value="${at.toISOString()}">${common.forDays(days, dayOf(at, language))}</option>`,
    )
  return html`<h2>${words.narrow}</h2><p class="soft">${words.narrowLead}</p>
<form method="post" action="${MINE}/consents/${consent.id}/narrow">${carried(visit)}
${tags}
<label><span>${common.until}</span><select name="until"><option value="">${words.asItIs(dayOf(consent.expiresAt, language))}</option>${ends}</select></label>
<p><button class="main">${words.narrowDo}</button></p></form>`
}

function tagOf({ key, granularity }: SharedTag, { language }: OwnVisit, names: Names): Html {
  const common = wordsIn(language)
  const allowed = names.definition(key)?.granularities ?? []
  const coarser = GRANULARITIES.slice(GRANULARITIES.indexOf(granularity)).filter(
    (one) => one === granularity || allowed.includes(one),
  )
  const options = coarser.map((one) => html`<option value="${one}">${common.granularity[one]}</option>`)
  const label = names.label(key)
  return html`<div class="tag"><label class="pick"><input type="checkbox" name="tag" value="${key}" checked aria-label="${common.share(label)}">${label}</label>
<label><span>${common.howExactly(label)}</span><select name="granularity.${key}">${options}</select></label></div>
`
}

/** What is left of a consent by the form. Throws `INVALID_INPUT` for a form that says nothing of how exactly. */
export function readNarrowed(form: URLSearchParams): { readonly tags: SharedTag[]; readonly expiresAt?: string } {
  const tags = form.getAll('tag').map((key) => {
    const granularity = GRANULARITIES.find((one) => one === form.get(`granularity.${key}`))
    if (granularity === undefined) throw new Fault('INVALID_INPUT', 'the form does not say how exactly')
    return { key, granularity }
  })
  const until = form.get('until')
  return { tags, ...(until && { expiresAt: until }) }
}
