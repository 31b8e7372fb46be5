import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { PageParts } from '../consent-pages/answer-visit.ts'
import { formToken } from '../consent-pages/form-token.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { type Language, languageOf } from '../consent-pages/language.ts'
import { sendPage } from '../consent-pages/page.ts'
import { readForm } from '../consent-pages/visit.ts'
import { outward } from '../faults/outward.ts'
import { logOurs } from '../faults/problem.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { complaintWords } from './complaint-words.ts'
import { type Exchange, showSignIn } from './own-sign-in.ts'
import { type OwnWords, ownWords } from './own-words.ts'
import { cookieOf, cookieOptions, MINE, type Session, sessionOf } from './session.ts'

/** A customer who signed in, at one of their own pages. */
export type OwnVisit = Exchange & {
  readonly parts: PageParts
  readonly words: OwnWords
  readonly session: Session
  /** What was sent, out of a form of ours; empty where nothing was. */
  readonly form: URLSearchParams
}

type Handler = RequestHandler<Record<string, string>>

const LANGUAGE_COOKIE = 'tributary_lang'
const LANGUAGE_SECONDS = 30 * 86_400

/** Serves a page to anybody, and tells a person in their language what cannot be. */
export function toAnybody(parts: PageParts, work: (exchange: Exchange) => Promise<void>): Handler {
  return async (request, response) => {
    const language = languageIn(parts, request, response)
    try {
      await work({ request, response, language })
    } catch (error) {
      logOurs(parts.context.log, error, requestIdOf(response))
      const { status, headers } = outward(error)
      response.set(headers)
      const { failedTitle, failed, back } = ownWords(language)
      const body = html`<p>${failed(status)}</p><p><a class="button main" href="${MINE}">${back}</a></p>`
      sendPage(response, { language, title: failedTitle, body }, status)
    }
  }
}

/** Serves a page to a customer who signed in; to others, the page on which they do. */
export function toCustomer(parts: PageParts, work: (visit: OwnVisit) => Promise<void>): Handler {
  return toAnybody(parts, async (exchange) => {
    const { request, language } = exchange
    const session = await sessionOf(parts.context, request)
    const sends = request.method === 'POST'
    if (session === undefined) return showSignIn(parts, exchange, sends ? 'sessionOver' : undefined)
    const from = { name: formNameOf(session), origin: parts.addresses.origin }
    const form = sends ? await readForm(parts.context, request, from) : new URLSearchParams()
    await work({ ...exchange, parts, words: ownWords(language), session, form })
  })
}

/** Sends a page with the ways to the others. Its address is the request's, in the other language too. */
export function sendOwn(
  visit: OwnVisit,
  page: { readonly title: string; readonly body: Html; readonly problem?: string | undefined },
): void {
  const { request, response, language, words } = visit
  const ways = html`<div class="ways"><a href="${MINE}">${words.mine}</a><a href="${MINE}/reads">${words.reads}</a><a href="${MINE}/complaints">${complaintWords(language).title}</a>
<form method="post" action="${MINE}/sign-out">${carried(visit)}<button>${words.signOut}</button></form></div>`
  const problem = page.problem && html`<p role="alert">${page.problem}</p>`
  const { pathname, searchParams } = new URL(request.originalUrl, visit.parts.addresses.origin)
  searchParams.set('lang', language === 'en' ? 'zh-CN' : 'en')
  // what a form was sent to is not there to be gone to
  const translation = request.method === 'POST' ? undefined : `${pathname}?${searchParams}`
  const body = html`${ways}${problem}${page.body}`
  const status = page.problem === undefined ? 200 : 422
  sendPage(response, { language, title: page.title, body, ...(translation && { translation }) }, status)
}

/** What each form carries: that it is ours, and the key under which it counts once. */
export function carried({ parts, session }: OwnVisit): Html {
  const token = formToken(parts.context.keyring, formNameOf(session))
  return html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="key" value="${randomUUID()}">`
}

function formNameOf({ id }: Session): string {
  return `mine:${id}`
}

/** The language that was chosen on a page stays chosen. */
function languageIn({ addresses }: PageParts, request: Request, response: Response): Language {
  const { lang } = request.query
  const chosen = typeof lang === 'string' ? lang : undefined
  const language = languageOf(chosen, cookieOf(request, LANGUAGE_COOKIE), request.headers['accept-language'])
  if (chosen !== undefined) {
    response.cookie(LANGUAGE_COOKIE, language, cookieOptions(addresses.origin, LANGUAGE_SECONDS))
  }
  return language
}
