import { randomUUID } from 'node:crypto'
import type { Context } from '../../../database/context.ts'
import { webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import { continueRuns } from '../../../partners/conformance/continue-runs.ts'
import { setJurisdiction } from '../../../partners/set-jurisdiction.ts'
import { addWebhook } from '../../../partners/webhooks/add-webhook.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { sendDue } from '../../../partners/webhooks/send-due.ts'
import { asPartner, type Insider } from '../../gateway/attacks/real-gateway.ts'
import { Browser, hidden, type Seen } from '../../gateway/browser.ts'
import { accessToken, askPartnerGraph, credentials, registerClient } from '../../gateway/clients.ts'
import { authorizeAddress, decide, exchange, formOf, pushed, REDIRECT_URI } from '../../gateway/consent-flow.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { sealAll } from '../../records/sealed-log.ts'
import type { TestWorld } from '../../support/database.ts'
import { applied, passed } from '../assessments/scene.ts'
import { isSignedBy, type Manner, type Receiver } from '../webhooks/receiver.ts'

/** A run, as the partner's graph tells it. */
export type RunTold = {
  readonly id: string
  readonly status: string
  readonly countsUntil: string | null
  readonly checks: readonly { readonly code: string; readonly status: string; readonly seen: string }[]
}

const RUN = 'id status countsUntil checks { code status seen at evidence }'
const send = webhookSender({ privateToo: true })

/** The context of somebody on the real clock, who may tell partners at private addresses. */
export function worldOf({ context }: TestGateway): Context {
  return { ...context, privateWebhooks: true, actor: 'staff:ann' }
}

/** A partner that applied and came into the sandbox, with a client that may do all that a run asks for. */
export async function inSandbox(gateway: TestGateway): Promise<Insider & { readonly code: string }> {
  const code = await applied(gateway.context)
  await passed(gateway.context, code)
  const here = { partner: code, jurisdiction: 'CN', reason: 'moved', idempotencyKey: randomUUID() }
  await setJurisdiction(worldOf(gateway), here)
  const client = await registerClient(gateway.context, {
    ...{ of: code, redirectUris: [REDIRECT_URI], scopes: ['customers:read', 'contributions:write'] },
  })
  return { code, client, token: await accessToken(gateway, client) }
}

/** Starts a run at the partner's graph. */
export async function start(gateway: TestGateway, who: Insider, key: string = randomUUID()) {
  const query = `mutation ($key: String!) {
    startConformanceRun(input: { idempotencyKey: $key }) { run { ${RUN} } userErrors { code message } } }`
  const { body } = await asPartner(gateway, who, query, { key })
  const data = body['data'] as {
    startConformanceRun: { run: RunTold | null; userErrors: readonly { code: string; message: string }[] }
  }
  return data.startConformanceRun
}

/** A run as it stands. */
export async function look(gateway: TestGateway, who: Insider, id: string): Promise<RunTold> {
  const query = `query ($id: ID!) { conformanceRun(id: $id) { ${RUN} } }`
  const { body } = await asPartner(gateway, who, query, { id })
  return (body['data'] as { conformanceRun: RunTold }).conformanceRun
}

/** How each check stands. */
export function standing({ checks }: RunTold): Readonly<Record<string, string>> {
  return Object.fromEntries(checks.map(({ code, status }) => [code, status]))
}

/** The synthetic customers that the partner may play, as its graph tells them. */
export async function accountsOf(gateway: TestGateway, who: Insider): Promise<readonly string[]> {
  const { body } = await asPartner(gateway, who, '{ sandboxCustomers { account } }')
  const { sandboxCustomers } = body['data'] as { sandboxCustomers: readonly { account: string }[] }
  return sandboxCustomers.map(({ account }) => account)
}

/** Has a synthetic customer agree, and reads under the consent; returns it and whose it is. */
export async function consentAndRead(gateway: TestGateway, who: Insider, account: string) {
  const browser = new Browser(gateway)
  const request = await pushed(gateway, who.client)
  const page = await signInInSandbox(browser, authorizeAddress(who.client, request), account)
  const back = await decide(browser, page, [...formOf(page), ['decision', 'agree']])
  const { verifier } = request
  const code = back.get('code') ?? ''
  const response = await exchange(gateway, who.client, { code, verifier })
  const { authorization_details: details = [] } = (await response.json()) as {
    authorization_details?: { consent_id: string; subject: string }[]
  }
  const [granted] = details
  if (granted === undefined) throw new Error('nothing was granted')
  const query = `query ($subject: ID!) { customer(subject: $subject, purpose: "CREDIT") { tags { key value } } }`
  await asPartner(gateway, who, query, { subject: granted.subject })
  return granted.consent_id
}

/** Goes to the authorization server, and signs in there as a synthetic customer of the partner; returns the page. */
export async function signInInSandbox(browser: Browser, address: string, account: string): Promise<Seen> {
  return playAt(browser, await browser.get(address), account)
}

/** Sends the form of the sandbox on a page where one signs in. */
export async function playAt(browser: Browser, page: Seen, account: string): Promise<Seen> {
  return browser.post(`${page.address.split('?')[0]}/sandbox`, [
    ['token', hidden(page, 'token')],
    ['account', account],
    ['lang', 'en'],
  ])
}

/** Ends a consent at the partner's graph, in its synthetic customer's place; returns what became of it. */
export async function revoke(gateway: TestGateway, who: Insider, consent: string): Promise<string> {
  const query = `mutation ($input: RevokeSandboxConsentInput!) {
    revokeSandboxConsent(input: $input) { revoked { status } userErrors { code } } }`
  const { body } = await asPartner(gateway, who, query, {
    input: { consentId: consent, idempotencyKey: randomUUID() },
  })
  const { revoked, userErrors } = (
    body['data'] as { revokeSandboxConsent: { revoked: { status: string } | null; userErrors: { code: string }[] } }
  ).revokeSandboxConsent
  return revoked?.status ?? userErrors[0]?.code ?? ''
}

/** Sends one request twice, with the same proof; returns what was answered. */
export async function replay(gateway: TestGateway, { client, token }: Insider): Promise<readonly number[]> {
  const headers = await credentials(client, token)
  const statuses: number[] = []
  for (const _ of [1, 2]) statuses.push((await askPartnerGraph(gateway, headers, { query: '{ me { code } }' })).status)
  return statuses
}

/** Reports a contribution, by an external id and so many. */
export async function report(
  gateway: TestGateway,
  who: Insider,
  externalId: string,
  quantity: string,
): Promise<string> {
  const query = `mutation ($input: ReportContributionsInput!) {
    reportContributions(input: $input) { results { outcome code } userErrors { code } } }`
  const item = { externalId, kind: 'REFERRAL', lead: 'lead-1', occurredAt: '2026-01-15T09:00:00Z', quantity }
  const { body } = await asPartner(gateway, who, query, { input: { items: [item] } })
  const { results } = (body['data'] as { reportContributions: { results: { outcome: string; code?: string }[] } })
    .reportContributions
  return results[0]?.code ?? results[0]?.outcome ?? ''
}

/** Registers a receiver of the partner; returns its manner when it checks what is signed. */
export async function hear(gateway: TestGateway, { client }: Insider, { url }: Receiver): Promise<Manner> {
  const { secret = '' } = await addWebhook(worldOf(gateway), {
    ...{ partner: client.partner, url, idempotencyKey: randomUUID() },
  })
  return (arrived) => (isSignedBy(secret, arrived) ? 200 : 401)
}

/** Does what the worker does by turns: seals, tells, and goes on with runs. */
export async function work(gateway: TestGateway, world: TestWorld): Promise<void> {
  await sealAll(world.context, world.owner)
  while ((await queueEvents(gateway.context)) > 0);
  while ((await sendDue(worldOf(gateway), send)) > 0);
  await continueRuns(worldOf(gateway), send)
}

/** As if it were time to try the webhooks of runs again. */
export async function probeAgain(world: TestWorld): Promise<void> {
  await world.owner`update conformance_probes set next_at = now()`
}
