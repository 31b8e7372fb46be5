import { PARTNER_KINDS } from '../../partners/partner.ts'
import { type Html, html } from '../consent-pages/html.ts'
import type { Language } from '../consent-pages/language.ts'
import type { Page } from '../consent-pages/page.ts'
import { APPLICATION_WORDS } from './application-words.ts'

/** Where applications are taken. */
export const APPLICATIONS_PATH = '/applications'
/** Where the link in the mail leads. */
export const CONFIRM_PATH = '/applications/confirm'

/** The form with which a company applies. */
export function applicationForm(language: Language): Page {
  const words = APPLICATION_WORDS[language]
  const kinds = PARTNER_KINDS.map((kind) => html`<option value="${kind}">${words.kinds[kind]}</option>`)
  const body = html`<p>${words.lead}</p>
<form method="post" action="${APPLICATIONS_PATH}"><input type="hidden" name="lang" value="${language}">
${field('name', words.name, 200, 'organization')}
<p><label for="kind">${words.kind}</label><select id="kind" name="kind">${kinds}</select></p>
${field('jurisdiction', words.jurisdiction, 2, 'country')}
${field('about', words.about, 1000, 'off')}
${field('contactName', words.contactName, 100, 'name')}
${field('email', words.email, 254, 'email')}
<p class="soft">${words.privacy}</p>
<p><button class="main">${words.send}</button></p></form>`
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  return { language, title: words.heading, body, translation: `${APPLICATIONS_PATH}?lang=${other}` }
}

function field(name: string, label: string, longest: number, autocomplete: string): Html {
  const type = name === 'email' ? 'email' : 'text'
  return html`<p><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" required maxlength="${longest}" autocomplete="${autocomplete}"></p>`
}

/** Says the same whatever became of the application. */
export function sentPage(language: Language): Page {
  const { sentHeading: title, sent } = APPLICATION_WORDS[language]
  return { language, title, body: html`<p role="status">${sent}</p>` }
}

/** Where the link leads: a button, since programs that look at mails follow links. */
export function confirmPage(language: Language, token: string): Page {
  const { confirmHeading: title, confirmLead, confirm } = APPLICATION_WORDS[language]
  const body = html`<p>${confirmLead}</p><form method="post" action="${CONFIRM_PATH}">
<input type="hidden" name="lang" value="${language}"><input type="hidden" name="token" value="${token}">
<p><button class="main">${confirm}</button></p></form>`
  return { language, title, body }
}

export function confirmedPage(language: Language, application: string): Page {
  const { confirmedHeading: title, confirmed } = APPLICATION_WORDS[language]
  return { language, title, body: html`<p role="status">${confirmed} <b>${application}</b></p>` }
}

/** Why a form was refused; the sentence is that of the fault. */
export function failedPage(language: Language, sentence: string): Page {
  const { failedHeading: title } = APPLICATION_WORDS[language]
  return { language, title, body: html`<p role="alert">${sentence}</p>` }
}
