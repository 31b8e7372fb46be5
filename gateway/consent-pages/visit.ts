import type { Request, RequestHandler, Response } from 'express'
import { findCustomer } from '../../customers/find-customer.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { outward } from '../faults/outward.ts'
import { logOurs } from '../faults/problem.ts'
import type { CurrentServer } from '../oauth/current-server.ts'
import { readText, requireType } from '../requests/read-body.ts'
import { requestIdOf } from '../requests/request-id.ts'
import type { Decider } from './decide.ts'
import { isFormToken } from './form-token.ts'
import { type Language, languageOf } from './language.ts'
import { endingPage } from './message-pages.ts'
import { type OpenInteraction, openInteraction, parameterOf } from './open-interaction.ts'
import { sendPage } from './page.ts'

/** A browser at one of the pages of an interaction that is its own. */
export type Visit = {
  readonly exchange: { readonly request: Request; readonly response: Response }
  readonly open: OpenInteraction
  readonly language: Language
  /** What was sent, out of a form of ours; empty where nothing was. */
  readonly form: URLSearchParams
}

const MOST_FORM_BYTES = 64 * 1024

/**
 * Serves a page of an interaction: opens it for the browser whose it is, reads the form if there is one, and tells a person
 * what cannot be. A form that did not come from our own page is refused.
 */
export function visited(
  context: Context,
  server: CurrentServer,
  origin: string,
  work: (visit: Visit) => Promise<void>,
): RequestHandler<{ uid: string }> {
  return async (request, response) => {
    const { uid } = request.params
    try {
      const form =
        request.method === 'POST' ? await readForm(context, request, { name: uid, origin }) : new URLSearchParams()
      const open = await openInteraction(context, await server(), { request, response, uid })
      const language = languageIn(request, form, open)
      if (open === undefined) sendPage(response, endingPage(language, 'failed'), 404)
      else await work({ exchange: { request, response }, open, language, form })
    } catch (error) {
      logOurs(context.log, error, requestIdOf(response))
      const { status, headers } = outward(error)
      response.set(headers)
      sendPage(response, endingPage(languageIn(request), 'failed'), status)
    }
  }
}

/** Reads a form that our page with this name sent. Throws `FORBIDDEN` for any other, and what reading a body throws. */
export async function readForm(
  { keyring }: Pick<Context, 'keyring'>,
  request: Request,
  { name, origin }: { readonly name: string; readonly origin: string },
): Promise<URLSearchParams> {
  requireType(request, 'application/x-www-form-urlencoded')
  const form = new URLSearchParams(await readText(request, MOST_FORM_BYTES))
  const { 'sec-fetch-site': site = 'same-origin', origin: from = origin } = request.headers
  if (site === 'same-origin' && from === origin && isFormToken(keyring, name, form.get('token') ?? '')) return form
  throw new Fault('FORBIDDEN', 'the form did not come from this page')
}

function languageIn(request: Request, form?: URLSearchParams, open?: OpenInteraction): Language {
  const { lang } = request.query
  return languageOf(
    typeof lang === 'string' ? lang : undefined,
    form?.get('lang') ?? undefined,
    open && parameterOf(open.interaction, 'ui_locales'),
    request.headers['accept-language'],
  )
}

/** The customer who signed in on the way here; nothing before that. */
export async function deciderOf(context: Context, { interaction }: OpenInteraction): Promise<Decider | undefined> {
  const id = interaction.session?.accountId
  if (interaction.prompt.name !== 'consent' || id === undefined || !isId('cus', id)) return undefined
  return findCustomer(context, { id })
}
