import { findCustomer } from '../../customers/find-customer.ts'
import { openRequest } from '../../customers/open-request.ts'
import { findSandboxCustomer } from '../../customers/sandbox/find-sandbox-customer.ts'
import { listSandboxCustomers } from '../../customers/sandbox/list-sandbox-customers.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Addresses } from '../settings.ts'
import type { BrokerSignIn, Identified } from './broker-sign-in.ts'
import type { ConsentOffer } from './consent-offer.ts'
import { consentPage } from './consent-page.ts'
import { type Decider, decide, grantedOf, offerOf } from './decide.ts'
import { finishDenied, finishGranted, finishSignIn } from './finish-interaction.ts'
import { formToken } from './form-token.ts'
import { endingPage } from './message-pages.ts'
import { sendPage } from './page.ts'
import { signInPage } from './sign-in-page.ts'
import { deciderOf, type Visit } from './visit.ts'
import { requireDevelopment, requireWayIn } from './ways-in.ts'
import { wordsIn } from './words-in.ts'

/** What the pages are given besides a visit. */
export type PageParts = {
  readonly context: Context
  readonly addresses: Addresses
  /** The broker's identity provider; without one, a made-up sign-in where development allows it. */
  readonly broker: BrokerSignIn | undefined
  readonly development: boolean
}

/** Shows what there is to do: sign in, decide, or go back because it is over. */
export async function show(parts: PageParts, visit: Visit): Promise<void> {
  const { open, exchange, language } = visit
  const customer = await deciderOf(parts.context, open)
  if (open.request.status === 'LAPSED') {
    const address = await finishDenied(open, exchange, 'the request lapsed before the customer answered')
    const back = { address, partner: open.partner.name }
    return sendPage(exchange.response, endingPage(language, 'lapsed', back), 410)
  }
  if (customer === undefined) return showSignIn(parts, visit)
  if (open.request.status !== 'AWAITING') return showAnswered(parts, visit, customer)
  await unlessTooLate(visit, async () => {
    showOffer(parts, visit, await offerOf(parts.context, open, { customer, language }))
  })
}

function showOffer(parts: PageParts, { open, exchange, form }: Visit, offer: ConsentOffer, problem?: string): void {
  const chosen = problem === undefined ? undefined : form
  const carried = { action: addressOf(open), token: formToken(parts.context.keyring, open.interaction.uid), chosen }
  sendPage(exchange.response, consentPage(offer, carried, problem), problem === undefined ? 200 : 422)
}

async function showSignIn(
  parts: PageParts,
  { open, exchange, language }: Visit,
  problem?: 'noSuchAccount' | 'signInFailed',
): Promise<void> {
  const sandboxed = await isPlayed(parts, open)
  if (!sandboxed) requireWayIn(parts)
  const { broker, context } = parts
  const token = formToken(context.keyring, open.interaction.uid)
  const development = broker === undefined && parts.development ? { token } : undefined
  const sandbox = sandboxed && development === undefined ? { token, provider: broker !== undefined } : undefined
  const words = wordsIn(language)
  const [title, lead] = [words.signInHeading(open.partner.name), words.signInLead]
  const told = problem && words[problem]
  const page = signInPage({ language, title, lead, address: addressOf(open), development, sandbox, problem: told })
  sendPage(exchange.response, page, problem === undefined ? 200 : 422)
}

/** Whether the partner is in the sandbox and has synthetic customers to play. */
async function isPlayed({ context }: PageParts, { partner }: Visit['open']): Promise<boolean> {
  return partner.status === 'SANDBOX' && (await listSandboxCustomers(context, partner.code)).length > 0
}

/** The answer stands, whatever became of the page that gave it: the browser goes back with it once more. */
async function showAnswered(parts: PageParts, { open, exchange, language }: Visit, customer: Decider): Promise<void> {
  const { id, accountKey } = customer
  const { request, current } = await openRequest(parts.context, { request: open.request.id, accountKey })
  const consent = request.status === 'AUTHORISED' && current?.id === request.id ? current : undefined
  const resource = parts.addresses.partnerGraph
  const address = consent
    ? await finishGranted(open, exchange, { customer: id, resource, granted: grantedOf(consent) })
    : await finishDenied(open, exchange, 'the customer refused, or ended what they had granted')
  sendPage(exchange.response, endingPage(language, 'answered', { address, partner: open.partner.name }))
}

/** Does what the form says. Whoever comes second is told how it stands. */
export async function answer(parts: PageParts, visit: Visit): Promise<void> {
  const { context, addresses } = parts
  const { open, exchange, language, form } = visit
  const customer = await deciderOf(context, open)
  if (customer === undefined || open.request.status !== 'AWAITING') return show(parts, visit)
  await unlessTooLate(visit, async () => {
    const resource = addresses.partnerGraph
    const decision = await decide(context, open, exchange, { form, customer, language, resource })
    if ('again' in decision)
      return showOffer(parts, visit, decision.offer, wordsIn(language, decision.offer.direction)[decision.again])
    const back = { address: decision.address, partner: open.partner.name }
    sendPage(exchange.response, endingPage(language, decision.ending, back))
  })
}

/** Whoever comes too late is sent to the page once more: it tells how the request stands. */
async function unlessTooLate({ open, exchange }: Visit, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isTooLate(error)) throw error
    exchange.response.redirect(303, addressOf(open))
  }
}

function isTooLate(error: unknown): boolean {
  const codes: readonly string[] = ['CONSENT_CHANGED', 'IDEMPOTENCY_CONFLICT']
  return error instanceof Fault && codes.includes(error.code)
}

/** The made-up sign-in of development: whoever sits at this machine says who they are. */
export async function signInForDevelopment(parts: PageParts, visit: Visit): Promise<void> {
  requireDevelopment(parts, visit.exchange.request)
  await signIn(parts, visit, { accountKey: visit.form.get('account') ?? '' })
}

/**
 * Signs in a synthetic customer of the partner that asks, while it is in the sandbox: whoever comes with its request is one of its
 * engineers, and these customers are theirs to play (ADR 0044). Anybody else is nobody here.
 */
export async function signInForSandbox(parts: PageParts, visit: Visit): Promise<void> {
  const { code: partnerCode, status } = visit.open.partner
  if (status !== 'SANDBOX') throw new Fault('NOT_FOUND', 'customers sign in at the identity provider')
  const accountKey = visit.form.get('account') ?? ''
  const own = await findSandboxCustomer(parts.context, { partnerCode, accountKey })
  if (own === undefined) return showSignIn(parts, visit, 'noSuchAccount')
  await signIn(parts, visit, { accountKey })
}

/** Sends the browser to the broker's identity provider. */
export async function beginSignIn({ broker }: PageParts, { open, exchange }: Visit): Promise<void> {
  if (broker === undefined) throw new Fault('NOT_FOUND', 'there is no identity provider')
  exchange.response.redirect(303, await broker.begin(open.interaction.uid))
}

/** Takes up a browser that comes back from there. */
export async function endSignIn(parts: PageParts, visit: Visit): Promise<void> {
  const { broker, addresses } = parts
  if (broker === undefined) throw new Fault('NOT_FOUND', 'there is no identity provider')
  const { search } = new URL(visit.exchange.request.originalUrl, addresses.origin)
  const identified = await broker.end(
    visit.open.interaction.uid,
    new URL(`${addresses.consentPages}/signed-in${search}`),
  )
  if (identified === undefined) return showSignIn(parts, visit, 'signInFailed')
  await signIn(parts, visit, identified)
}

async function signIn(parts: PageParts, visit: Visit, { accountKey, acr, amr, ...at }: Identified): Promise<void> {
  const { open, exchange } = visit
  if (open.interaction.prompt.name !== 'login') return exchange.response.redirect(303, addressOf(open))
  const customer = await findCustomer(parts.context, { accountKey })
  if (customer === undefined) return showSignIn(parts, visit, 'noSuchAccount')
  const authTime = at.authTime ?? Math.floor(parts.context.clock.now().getTime() / 1000)
  exchange.response.redirect(303, await finishSignIn(open, exchange, { customer: customer.id, acr, amr, authTime }))
}

function addressOf({ interaction }: Visit['open']): string {
  return `/consent/${interaction.uid}`
}
