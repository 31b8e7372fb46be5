import { hash } from 'node:crypto'
import type { ConsentOffer, OfferedTag } from './consent-offer.ts'
import { type Html, html, textOf } from './html.ts'
import type { Page } from './page.ts'
import type { Words } from './words.ts'
import { wordsIn } from './words-in.ts'

/** What the form carries besides what the customer chooses. */
export type FormCarries = {
  readonly action: string
  readonly token: string
  /** What was chosen when the page is shown once more. */
  readonly chosen?: URLSearchParams | undefined
}

/** The page on which a customer decides. It says all that evidence is kept of, and works without a script. */
export function consentPage(offer: ConsentOffer, form: FormCarries, problem?: string): Page {
  const { language, partner, direction } = offer
  const words = wordsIn(language, direction)
  const body = html`${problem && html`<p role="alert">${problem}</p>`}
<form method="post" action="${form.action}">
<input type="hidden" name="token" value="${form.token}"><input type="hidden" name="seen" value="${textHashOf(offer)}">
<input type="hidden" name="lang" value="${language}">
${contentOf(offer, words, form.chosen)}
</form>`
  return { language, title: words.heading(partner), body, translation: translationOf(form.action, language) }
}

/** SHA-256, in hexadecimal digits, of the words that the customer reads: the heading, then everything down to the buttons. */
export function textHashOf(offer: ConsentOffer): string {
  const words = wordsIn(offer.language, offer.direction)
  return hash('sha256', `${words.heading(offer.partner)}\n${textOf(contentOf(offer, words))}`)
}

function contentOf(offer: ConsentOffer, words: Words, chosen?: URLSearchParams): Html {
  const { partner, purpose, notice, howOften, kept, tags, ends, replaces, reference, abroad } = offer
  return html`<p class="soft">${words.lead(partner)}</p>
<h2>${words.why}</h2>
<section><dl><dt>${words.recipient}</dt><dd>${partner}</dd><dt>${words.purpose}</dt><dd>${purpose}</dd>
<dt>${words.notice}</dt><dd>${notice}</dd>
<dt>${words.howOften}</dt><dd>${howOften}</dd><dt>${words.kept}</dt><dd>${kept}</dd></dl></section>
<fieldset><legend>${words.what}</legend><p class="soft">${words.whatLead}</p>
${tags.map((tag) => tagOf(tag, words, chosen))}</fieldset>
${reference === undefined ? undefined : linkOf(words.link(partner, reference), chosen)}
<h2><label for="until">${words.howLong}</label></h2>
<section><p>${words.until}</p><select id="until" name="until">${ends.map(({ value, text }) => option(value, text, chosen?.get('until')))}</select></section>
${abroad === undefined ? undefined : borderOf(words, partner, abroad, chosen)}
${replaces ? html`<p>${words.replaces}</p>` : undefined}
<div class="buttons"><button name="decision" value="refuse">${words.refuse}</button><button class="main" name="decision" value="agree">${words.agree}</button></div>
<p class="soft">${words.endAnyTime}</p>`
}

/** Agreed to by itself: nobody ticks it but the customer. */
function borderOf(words: Words, partner: string, place: string, chosen?: URLSearchParams): Html {
  const checked = chosen?.get('border') === 'yes' ? html` checked` : undefined
  return html`<h2>${words.border}</h2>
<section><p>${words.borderLead(partner, place)}</p>
<label class="pick"><input type="checkbox" name="border" value="yes"${checked}>${words.borderTick(place)}</label></section>`
}

function linkOf(sentence: string, chosen?: URLSearchParams): Html {
  const checked = chosen === undefined || chosen.get('link') === 'yes' ? html` checked` : undefined
  return html`<div class="tag"><label class="pick"><input type="checkbox" name="link" value="yes"${checked}>${sentence}</label></div>`
}

function tagOf({ key, label, choices }: OfferedTag, words: Words, chosen?: URLSearchParams): Html {
  const granularityChosen = chosen?.get(`granularity.${key}`)
  const options = choices.map(({ granularity, reveals }) =>
    option(granularity, `${words.granularity[granularity]} – ${reveals}`, granularityChosen),
  )
  const checked = chosen === undefined || chosen.getAll('tag').includes(key) ? html` checked` : undefined
  return html`<div class="tag"><label class="pick"><input type="checkbox" name="tag" value="${key}"${checked} aria-label="${words.share(label)}">${label}</label>
<label><span>${words.howExactly(label)}</span><select name="granularity.${key}">${options}</select></label></div>
`
}

function option(value: string, text: string, chosen: string | null | undefined): Html {
  return html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${text}</option>`
}

function translationOf(action: string, language: ConsentOffer['language']): string {
  return `${action}?lang=${language === 'en' ? 'zh-CN' : 'en'}`
}
