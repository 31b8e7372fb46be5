import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { findCustomer } from '../../customers/find-customer.ts'
import { Fault } from '../../kernel/fault.ts'
import type { PageParts } from '../consent-pages/answer-visit.ts'
import type { Identified } from '../consent-pages/broker-sign-in.ts'
import { formToken } from '../consent-pages/form-token.ts'
import type { Language } from '../consent-pages/language.ts'
import { sendPage } from '../consent-pages/page.ts'
import { signInPage } from '../consent-pages/sign-in-page.ts'
import { readForm } from '../consent-pages/visit.ts'
import { requireDevelopment, requireWayIn } from '../consent-pages/ways-in.ts'
import { wordsIn } from '../consent-pages/words-in.ts'
import { ownWords } from './own-words.ts'
import { beginSession, cookieOf, cookieOptions, MINE } from './session.ts'

/** A browser at one of the customer's own pages, whoever it is. */
export type Exchange = { readonly request: Request; readonly response: Response; readonly language: Language }

type Problem = 'noSuchAccount' | 'signInFailed' | 'sessionOver'

const COOKIE = 'tributary_begin'
const BEGIN_SECONDS = 900
/** Names these pages among those that a browser may come back to from the identity provider. */
const NAME = 'mine'

/** Shows where to sign in. */
export function showSignIn(parts: PageParts, { request, response, language }: Exchange, problem?: Problem): void {
  requireWayIn(parts)
  const { context, addresses, broker } = parts
  const words = ownWords(language)
  const begun = cookieOf(request, COOKIE) ?? randomBytes(16).toString('base64url')
  if (broker === undefined) response.cookie(COOKIE, begun, cookieOptions(addresses.origin, BEGIN_SECONDS))
  const development = broker === undefined ? { token: formToken(context.keyring, `begin:${begun}`) } : undefined
  const told = problem === 'sessionOver' ? words.sessionOver : problem && wordsIn(language)[problem]
  const page = { language, title: words.signInTitle, lead: words.signInLead, address: MINE, development, problem: told }
  sendPage(response, signInPage(page), statusOf(problem))
}

function statusOf(problem: Problem | undefined): number {
  if (problem === undefined) return 200
  return problem === 'sessionOver' ? 401 : 422
}

/** The made-up sign-in of development. */
export async function signInForDevelopment(parts: PageParts, exchange: Exchange): Promise<void> {
  const { context, addresses } = parts
  requireDevelopment(parts, exchange.request)
  const begun = cookieOf(exchange.request, COOKIE) ?? ''
  const form = await readForm(context, exchange.request, { name: `begin:${begun}`, origin: addresses.origin })
  await signIn(parts, exchange, { accountKey: form.get('account') ?? '' })
}

/** Sends the browser to the broker's identity provider; it alone may come back with what it is given there. */
export async function beginSignIn({ broker, addresses }: PageParts, { response }: Exchange): Promise<void> {
  if (broker === undefined) throw new Fault('NOT_FOUND', 'there is no identity provider')
  const address = await broker.begin(NAME)
  const state = new URL(address).searchParams.get('state') ?? ''
  response.cookie(COOKIE, state, cookieOptions(addresses.origin, BEGIN_SECONDS))
  response.redirect(303, address)
}

/** Takes up a browser that comes back from there. */
export async function endSignIn(parts: PageParts, exchange: Exchange): Promise<void> {
  const { broker, addresses } = parts
  if (broker === undefined) throw new Fault('NOT_FOUND', 'there is no identity provider')
  const { search, searchParams } = new URL(exchange.request.originalUrl, addresses.origin)
  // a sign-in that another browser began would make this one somebody else's
  const ours = searchParams.get('state') === cookieOf(exchange.request, COOKIE)
  const identified = ours ? await broker.end(NAME, new URL(`${addresses.consentPages}/signed-in${search}`)) : undefined
  if (identified === undefined) return showSignIn(parts, exchange, 'signInFailed')
  await signIn(parts, exchange, identified)
}

async function signIn(parts: PageParts, exchange: Exchange, { accountKey, ...proof }: Identified): Promise<void> {
  const customer = await findCustomer(parts.context, { accountKey })
  if (customer === undefined) return showSignIn(parts, exchange, 'noSuchAccount')
  const { origin } = parts.addresses
  await beginSession(parts.context, { ...exchange, origin }, { customer: customer.id, ...proof })
  exchange.response.clearCookie(COOKIE, { path: MINE })
  exchange.response.redirect(303, MINE)
}
