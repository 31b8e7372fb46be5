// A conformance run from beginning to end (docs/conformance.md), as a partner's system would go through it.
// node examples/conformance.mjs CLIENT_ID PRIVATE_JWK_FILE
import { randomUUID, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { importJWK } from 'jose'
import * as openid from 'openid-client'

const origin = process.env.TRIBUTARY_ORIGIN || 'http://localhost:4000'
const redirectUri = process.env.REDIRECT_URI || 'http://localhost:4300/back'
const hooks = process.env.WEBHOOK_URL || 'http://localhost:4301/hooks'
// ask for what your own product needs
const purpose = 'EDUCATION_OFFERS'
const tags = [
  { key: 'life_stage', granularity: 'band' },
  { key: 'risk_level', granularity: 'flag' },
]

const [clientId, keyFile] = process.argv.slice(2)
const jwk = JSON.parse(await readFile(keyFile, 'utf8'))
const key = { key: await importJWK(jwk, 'ES256'), kid: jwk.kid }
const options = origin.startsWith('http:') ? { execute: [openid.allowInsecureRequests] } : {}
const client = await openid.discovery(
  new URL(`${origin}/oauth`),
  clientId,
  undefined,
  openid.PrivateKeyJwt(key),
  options,
)
const DPoP = openid.getDPoPHandle(client, await openid.randomDPoPKeyPair('ES256'))
const graph = new URL(`${origin}/graphql`)

// what was sent last, to send it once more
let sent
client[openid.customFetch] = (url, request) => {
  sent = { url, request }
  return fetch(url, request)
}

let token
async function ask(query, variables) {
  const headers = new Headers({ 'content-type': 'application/json' })
  const body = JSON.stringify({ query, variables })
  const answer = await openid.fetchProtectedResource(client, token, graph, 'POST', body, headers, { DPoP })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}
async function newToken() {
  const answer = await openid.clientCredentialsGrant(client, { resource: graph.href }, { DPoP })
  token = answer.access_token
}

// a receiver that takes what is signed with the webhook's secret, and refuses the rest
let secret = ''
const receiver = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  response.writeHead((await isSigned(request.headers, body)) ? 204 : 401).end()
}).listen(Number(new URL(hooks).port), 'localhost')

async function isSigned(headers, body) {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const hmac = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const expected = Buffer.from(await crypto.subtle.sign('HMAC', hmac, Buffer.from(text)))
  const old = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) > 300
  return (
    !old &&
    headers['webhook-signature'].split(' ').some((signature) => {
      const given = Buffer.from(signature.split(',')[1] ?? '', 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  )
}

await newToken()
const before = await ask('{ webhooks { id url } }')
for (const { id } of before.webhooks.filter(({ url }) => url === hooks)) {
  const removal = { endpoint: id, idempotencyKey: randomUUID() }
  await ask('mutation ($input: RemoveWebhookInput!) { removeWebhook(input: $input) { userErrors { code } } }', {
    input: removal,
  })
}
const added = await ask(
  'mutation ($input: AddWebhookInput!) { addWebhook(input: $input) { webhook { secret } userErrors { code message } } }',
  { input: { url: hooks, idempotencyKey: randomUUID() } },
)
if (added.addWebhook.webhook === null) throw new Error(JSON.stringify(added.addWebhook.userErrors))
secret = added.addWebhook.webhook.secret

// 1. start, or go on with the run that is open
const start = `mutation ($key: String!) {
  startConformanceRun(input: { idempotencyKey: $key }) { run { id } userErrors { code message } } }`
const { startConformanceRun: begun } = await ask(start, { key: randomUUID() })
const runs = await ask('{ conformanceRuns { id status } sandboxCustomers { account } }')
const run = begun.run?.id ?? runs.conformanceRuns.find(({ status }) => status === 'OPEN')?.id
if (run === undefined) throw new Error(JSON.stringify(begun.userErrors))
console.log(`run ${run}`)

// 2. a token that is issued in the run, and one request sent twice
await newToken()
await ask('{ me { code } }')
console.log('sent again:', (await fetch(sent.url, sent.request)).status)

// 3. a synthetic customer is asked, in a browser, and agrees
const pkceCodeVerifier = openid.randomPKCECodeVerifier()
const state = openid.randomState()
const asked = { type: 'customer_tags', purpose, tags, usage: 'recurring', retentionDays: 30 }
const expires = new Date(Date.now() + 90 * 864e5).toISOString()
const address = await openid.buildAuthorizationUrlWithPAR(client, {
  redirect_uri: redirectUri,
  state,
  code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  authorization_details: JSON.stringify([{ ...asked, expires }]),
})
const [{ account } = {}] = runs.sandboxCustomers
if (account === undefined) throw new Error('you have no synthetic customers: ask the partner manager for some')
console.log(`open ${address.href}\nand sign in as ${account}`)
const site = createServer().listen(Number(new URL(redirectUri).port), 'localhost')
const [request, response] = await once(site, 'request')
response.setHeader('connection', 'close').end('You may close this window.')
site.close()
const cameBackTo = new URL(request.url, redirectUri)
const checks = { pkceCodeVerifier, expectedState: state }
const tokens = await openid.authorizationCodeGrant(client, cameBackTo, checks, {}, { DPoP })
const [{ consent_id: consentId, subject }] = tokens.authorization_details

// 4. read
const read = await ask(
  'query ($subject: ID!, $purpose: String!) { customer(subject: $subject, purpose: $purpose) { tags { key value } } }',
  { subject, purpose },
)
console.log('read', JSON.stringify(read.customer))

// 5. a contribution: new, the same again, the same key with other content
const report = `mutation ($input: ReportContributionsInput!) {
  reportContributions(input: $input) { results { outcome code } userErrors { code } } }`
const item = { externalId: `run-${run}`, kind: 'REFERRAL', subject, occurredAt: new Date().toISOString() }
for (const quantity of ['1', '1', '2']) {
  const { reportContributions: told } = await ask(report, { input: { items: [{ ...item, quantity }] } })
  console.log('contribution', told.results[0].outcome, told.results[0].code ?? '')
}

// 6. the customer takes the consent back; the webhook is told
const revoke = `mutation ($input: RevokeSandboxConsentInput!) {
  revokeSandboxConsent(input: $input) { revoked { status } userErrors { code message } } }`
await ask(revoke, { input: { consentId, idempotencyKey: randomUUID() } })

// 7. how it stands, until it has ended
const look = `query ($run: ID!) { conformanceRun(id: $run) { status countsUntil checks { code status seen evidence } } }`
let told
do {
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await newToken()
  told = (await ask(look, { run })).conformanceRun
} while (told.status === 'OPEN' && told.checks.every(({ status }) => status !== 'FAILED'))
for (const check of told.checks) console.log(check.status, check.code, '-', check.seen, check.evidence.join(' '))
console.log(`the run is ${told.status}${told.countsUntil === null ? '' : `, and counts until ${told.countsUntil}`}`)
receiver.close()
process.exitCode = told.status === 'PASSED' ? 0 : 1
