import type { IRouter, Request, RequestHandler, Response } from 'express'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { confirmApplication } from '../../partners/applications/confirm-application.ts'
import { requestApplication } from '../../partners/applications/request-application.ts'
import { type Language, languageOf } from '../consent-pages/language.ts'
import { type Page, sendPage } from '../consent-pages/page.ts'
import { statusOf } from '../faults/http-status.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import type { Quotas } from '../limits/quotas.ts'
import { clientAddress, type Proxies } from '../requests/proxies.ts'
import { readText, refuseEncoded, requireType } from '../requests/read-body.ts'
import {
  APPLICATIONS_PATH,
  applicationForm,
  CONFIRM_PATH,
  confirmedPage,
  confirmPage,
  failedPage,
  sentPage,
} from './application-pages.ts'

/** What the door for applicants is made of. */
export type ApplicationParts = {
  readonly quotas: Quotas
  readonly proxies: Proxies
  readonly origin: string
}

const MOST_BYTES = 16 * 1024

/** What a request asks for, as a form sends it or a program. */
type Asked = { readonly form: boolean; readonly language: Language; readonly input: unknown }

/**
 * `POST /applications` and `POST /applications/confirm`, each as JSON or as a form of the pages beside it, which need no script.
 * Applying is answered the same whatever is known of the mail address, and waits for no mail.
 */
export function mountApplications(router: IRouter, context: Context, parts: ApplicationParts): void {
  const limit: RequestHandler = async (request, _response, next) => {
    await parts.quotas.spendAddress(clientAddress(request, parts.proxies))
    next()
  }
  router
    .route(APPLICATIONS_PATH)
    .all(limit)
    .get((request, response) => sendPage(response, applicationForm(wishOf(request))))
    .post((request, response) => answered(request, response, applicationOf, (asked) => apply(context, parts, asked)))
    .all(refuse)
  router
    .route(CONFIRM_PATH)
    .all(limit)
    .get((request, response) => sendPage(response, confirmPage(wishOf(request), queryOf(request, 'token'))))
    .post((request, response) => answered(request, response, tokenOf, (asked) => confirm(context, asked)))
    .all(refuse)
}

type Answer = { readonly status: number; readonly page: Page; readonly document: object }

async function apply(context: Context, { origin }: ApplicationParts, { input, language }: Asked): Promise<Answer> {
  await requestApplication(context, input, { language, verifyAt: `${origin}${CONFIRM_PATH}` })
  return { status: 202, page: sentPage(language), document: { status: 'CHECK_YOUR_MAIL' } }
}

async function confirm(context: Context, { input, language }: Asked): Promise<Answer> {
  const { application } = await confirmApplication(context, input)
  return { status: 200, page: confirmedPage(language, application), document: { application, status: 'RECEIVED' } }
}

/** Answers a form with a page and a program with JSON, also where it is refused. */
async function answered(
  request: Request,
  response: Response,
  inputOf: (form: URLSearchParams) => object,
  work: (asked: Asked) => Promise<Answer>,
): Promise<void> {
  const asked = await askedBy(request, inputOf)
  try {
    const { status, page, document } = await work(asked)
    if (asked.form) return sendPage(response, page, status)
    response.status(status).set('cache-control', 'no-store').json(document)
  } catch (error) {
    if (!asked.form || !(error instanceof Fault)) throw error
    sendPage(response, failedPage(asked.language, error.message), statusOf(error))
  }
}

async function askedBy(request: Request, inputOf: (form: URLSearchParams) => object): Promise<Asked> {
  refuseEncoded(request)
  const form = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
  if (!form) requireType(request, 'application/json')
  const text = await readText(request, MOST_BYTES)
  if (!form) return { form, language: wishOf(request), input: parseStrictJson(text) }
  const fields = new URLSearchParams(text)
  return { form, language: languageOf(fields.get('lang') ?? undefined), input: inputOf(fields) }
}

function applicationOf(form: URLSearchParams): object {
  const text = (name: string) => form.get(name) ?? ''
  return {
    ...{
      name: text('name'),
      kind: text('kind'),
      jurisdiction: text('jurisdiction').toUpperCase(),
      about: text('about'),
    },
    contact: { name: text('contactName'), email: text('email') },
  }
}

function tokenOf(form: URLSearchParams): object {
  return { token: form.get('token') ?? '' }
}

function wishOf(request: Request): Language {
  return languageOf(queryOf(request, 'lang'), request.headers['accept-language'])
}

function queryOf(request: Request, name: string): string {
  const text = request.query[name]
  return typeof text === 'string' ? text : ''
}

function refuse(): never {
  throw new MethodNotAllowed(['GET', 'POST'])
}
