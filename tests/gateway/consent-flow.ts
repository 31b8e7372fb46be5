import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import { Browser, hidden, type Seen, wayOn } from './browser.ts'
import { assertion, proof, registerClient, type TestClient } from './clients.ts'
import type { TestGateway } from './gateway.ts'

export const REDIRECT_URI = 'https://partner.example/back'

/** What a partner asks for, unless told otherwise. */
export function asked(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    type: 'customer_tags',
    purpose: 'CREDIT',
    tags: [
      { key: 'age', granularity: 'exact' },
      { key: 'risk_level', granularity: 'band' },
    ],
    expires: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    usage: 'recurring',
    retentionDays: 30,
    ...more,
  }
}

/** A client that asks customers. */
export async function askingClient(
  context: Context,
  scopes: Scope[] = ['customers:read', 'catalog:read'],
): Promise<TestClient> {
  return registerClient(context, { redirectUris: [REDIRECT_URI], scopes })
}

/** A request that was pushed: its name, and what only the partner knows. */
export type Pushed = { readonly requestUri: string; readonly verifier: string; readonly state: string }

/** Pushes an authorization request (RFC 9126), with whatever is wrong with it. */
export async function push(
  gateway: TestGateway,
  client: TestClient,
  form: Readonly<Record<string, string | undefined>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly response: Response; readonly verifier: string; readonly state: string }> {
  const [verifier, state] = [randomBytes(32).toString('base64url'), randomBytes(8).toString('base64url')]
  const all = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: REDIRECT_URI,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([asked()]),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(client),
    ...form,
  }
  const body = new URLSearchParams(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return { response: await gateway.fetch('/oauth/par', { method: 'POST', body, headers }), verifier, state }
}

/** The same, which is taken. */
export async function pushed(
  gateway: TestGateway,
  client: TestClient,
  form: Readonly<Record<string, string | undefined>> = {},
): Promise<Pushed> {
  const { response, ...rest } = await push(gateway, client, form)
  const answer = (await response.json()) as { request_uri?: string }
  if (answer.request_uri === undefined) throw new Error(`not taken: ${JSON.stringify(answer)}`)
  return { requestUri: answer.request_uri, ...rest }
}

export function authorizeAddress(client: TestClient, { requestUri }: Pushed): string {
  return `/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri: requestUri })}`
}

/** Goes to the authorization server and signs in; returns the page of the consent. */
export async function signIn(browser: Browser, address: string, account: string): Promise<Seen> {
  const page = await browser.get(address)
  return browser.post(`${page.address.split('?')[0]}/sign-in`, [
    ['token', hidden(page, 'token')],
    ['account', account],
    ['lang', 'en'],
  ])
}

/** Fields of the consent form as they are when nothing was touched. */
export function formOf(page: Seen): (readonly [string, string])[] {
  const picked = [...page.text.matchAll(/name="tag" value="([^"]*)" checked/g)].map(
    ([, key = '']) => ['tag', key] as const,
  )
  const finest = [...page.text.matchAll(/name="granularity\.([^"]*)"><option value="([^"]*)"/g)].map(
    ([, key, value = '']) => [`granularity.${key}`, value] as const,
  )
  const carried = ['token', 'seen', 'lang'].map((name) => [name, hidden(page, name)] as const)
  const link = page.text.includes('name="link" value="yes" checked') ? [['link', 'yes'] as const] : []
  return [...carried, ...picked, ...finest, ...link, ['until', 'asked']]
}

/** Decides on the page, and goes back to the partner; returns the query with which the browser comes there. */
export async function decide(
  browser: Browser,
  page: Seen,
  fields: readonly (readonly [string, string])[],
): Promise<URLSearchParams> {
  const done = await browser.post(page.address.split('?')[0] ?? '', fields)
  const back = await browser.get(wayOn(done))
  if (!URL.canParse(back.address)) {
    throw new Error(`no way back: ${page.status}, ${done.status}, ${back.status} ${back.address} ${textOf(done)}`)
  }
  return new URL(back.address).searchParams
}

/** The whole way to a code, agreeing to everything. */
export async function codeOf(
  gateway: TestGateway,
  client: TestClient,
  account: string,
  form?: Readonly<Record<string, string>>,
) {
  const browser = new Browser(gateway)
  const request = await pushed(gateway, client, form)
  const page = await signIn(browser, authorizeAddress(client, request), account)
  const back = await decide(browser, page, [...formOf(page), ['decision', 'agree']])
  return { ...request, back, code: back.get('code') ?? '' }
}

/** Takes a code to the token endpoint. */
export async function exchange(
  gateway: TestGateway,
  client: TestClient,
  { code, verifier }: { readonly code: string; readonly verifier: string },
  form: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return askToken(gateway, client, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT_URI,
    ...form,
  })
}

/** Asks the token endpoint with good credentials. */
export async function askToken(
  gateway: TestGateway,
  client: TestClient,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  return gateway.fetch('/oauth/token', {
    method: 'POST',
    headers: { dpop: await proof(client) },
    body: new URLSearchParams({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(client),
      ...form,
    }),
  })
}

function textOf({ text }: Seen): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}
