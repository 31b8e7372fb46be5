import type { Response } from 'express'
import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import { STYLE_PATH } from './style.ts'
import { wordsIn } from './words-in.ts'

/** A page: its language, what its tab and its first heading say, and what is in it. */
export type Page = {
  readonly language: Language
  readonly title: string
  readonly body: Html
  /** Where the browser goes by itself, at once. */
  readonly next?: string
  /** Address of the same page in the other language, where it has one. */
  readonly translation?: string
}

/*
 * No script, nothing from elsewhere, in no frame. The form comes back to us alone: a browser holds a redirect behind a form
 * to the same rule, so the way back to a partner is a page that goes on by itself.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sends a page that works without a script and is kept nowhere. */
export function sendPage(response: Response, page: Page, status = 200): void {
  response.status(status).set({
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    // with "no-referrer" a browser calls the origin of our own forms "null"
    'referrer-policy': 'same-origin',
  })
  response.type('html').send(writePage(page))
}

/** The text of a page. */
export function writePage({ language, title, body, next, translation }: Page): string {
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  const translate = translation === undefined ? undefined : linkTo(translation, other, wordsIn(language).otherLanguage)
  const refresh = next === undefined ? undefined : html`<meta http-equiv="refresh" content="0; url=${next}">`
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh}<title>${title}</title><link rel="stylesheet" href="${STYLE_PATH}"></head>
<body><nav><b>Tributary</b>${translate}</nav><main><h1>${title}</h1>
${body}
</main></body></html>
`.text
}

function linkTo(address: string, language: Language, text: string): Html {
  return html`<a href="${address}" lang="${language}" hreflang="${language}">${text}</a>`
}
