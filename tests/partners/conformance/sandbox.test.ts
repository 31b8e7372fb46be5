import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { maskOf } from '../../../customers/masking.ts'
import { makeSandboxCustomers } from '../../../customers/sandbox/make-sandbox-customers.ts'
import { sampleValue } from '../../../customers/sandbox/sample-value.ts'
import { parseTagDefinitions } from '../../../customers/tag-definition.ts'
import { normalizeValue } from '../../../customers/tag-value.ts'
import { webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import { continueRuns } from '../../../partners/conformance/continue-runs.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../../schema/graphs.ts'
import { customer, defineCatalogue, TAGS } from '../../customers/factories.ts'
import { askAsPerson } from '../../gateway/as-person.ts'
import { type Insider, startRealGateway } from '../../gateway/attacks/real-gateway.ts'
import { Browser } from '../../gateway/browser.ts'
import { accessToken, assertion, proof, registerClient, requestToken } from '../../gateway/clients.ts'
import { authorizeAddress, pushed, REDIRECT_URI } from '../../gateway/consent-flow.ts'
import { startGateway, type TestGateway } from '../../gateway/gateway.ts'
import { useWorld } from '../../support/database.ts'
import { startReceiver } from '../webhooks/receiver.ts'
import { accountsOf, consentAndRead, hear, look, playAt, revoke, signInInSandbox, start, worldOf } from './engineer.ts'

const world = useWorld()
let gateway: TestGateway
/** One with an identity provider, where nobody signs in by saying who they are. */
let strict: TestGateway
beforeAll(async () => {
  gateway = await startRealGateway(world)
  const identity = { issuer: 'http://127.0.0.1:9', jwks: { keys: [] }, signIn: { clientId: 'tributary' } }
  strict = await startGateway(world, {
    settings: { identity, development: { issuer: false, graphiql: false } },
    parts: { partner: partnerSchema, customer: customerSchema, operations: operationsSchema },
  })
  await defineCatalogue(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), strict.close()])
})

/** A partner in the sandbox that the broker vouches for, and its code. */
async function engineer(): Promise<Insider & { readonly code: string }> {
  const client = await registerClient(gateway.context, { redirectUris: [REDIRECT_URI] })
  const { code = '' } = (await findPartner(gateway.context, client.partner)) ?? {}
  return { code, client, token: await accessToken(gateway, client) }
}

it('the staff make synthetic customers, again without effect, and one is played without an identity provider', async () => {
  const who = await engineer()
  const query = `mutation ($input: MakeSandboxCustomersInput!) {
    makeSandboxCustomers(input: $input) { made { customers { account } } userErrors { code } } }`
  const make = (role: 'partner-manager' | 'finance', count: number) =>
    askAsPerson(gateway, { staff: 'ann', roles: [role] }, { query, variables: { input: { partner: who.code, count } } })
  expect((await make('finance', 2)).body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await make('partner-manager', 0)).body.data).toMatchObject({
    makeSandboxCustomers: { userErrors: [{ code: 'INVALID_INPUT' }] },
  })
  await make('partner-manager', 2)
  await make('partner-manager', 2)
  const accounts = await accountsOf(gateway, who)
  expect(accounts).toEqual([`sandbox:${who.code}:1`, `sandbox:${who.code}:2`])
  const [made] = await world.owner`
    select count(*) from customers where synthetic and starts_with(account_key, ${`sandbox:${who.code}:`})`
  expect(made).toEqual({ count: '2' })

  const consent = await consentAndRead(strict, who, accounts[1] ?? '')
  const other = await engineer()
  expect(await revoke(gateway, other, consent)).toBe('NOT_FOUND')
  await goLive(gateway.context, { partner: who.code })
  expect(await revoke(gateway, who, consent)).toBe('NOT_FOUND')
})

it('the page of a partner takes no customer but its own synthetic ones, and those in the sandbox alone', async () => {
  const [who, other] = [await engineer(), await engineer()]
  await makeSandboxCustomers(worldOf(gateway), { partnerCode: who.code, count: 1 })
  await makeSandboxCustomers(worldOf(gateway), { partnerCode: other.code, count: 1 })
  const real = `sandbox:${who.code}:9`
  await world.owner`insert into customers (id, account_key, synthetic) values (${randomUUID()}, ${real}, false)`
  await expect(makeSandboxCustomers(worldOf(gateway), { partnerCode: who.code, count: 9 })).rejects.toMatchObject({
    code: 'WRONG_STATE',
  })
  const synthetic = await customer(world.owner, { synthetic: true })
  const strangers = [`sandbox:${other.code}:1`, `sandbox:${who.code}:2`, `sandbox:${who.code}:`, real, synthetic, '']
  const address = authorizeAddress(who.client, await pushed(strict, who.client))
  for (const account of strangers) {
    const page = await signInInSandbox(new Browser(strict), address, account)
    expect([account, page.status, page.text.includes('There is no customer')]).toEqual([account, 422, true])
  }
  const browser = new Browser(strict)
  const page = await browser.get(address)
  expect(page.text).toContain('one of its synthetic customers')

  await goLive(gateway.context, { partner: who.code })
  const live = await new Browser(strict).get(authorizeAddress(who.client, await pushed(strict, who.client)))
  expect(live.text).not.toContain('/sandbox"')
  const refused = await playAt(browser, page, `sandbox:${who.code}:1`)
  expect(refused.status).toBe(404)
  const [given] = await world.owner`select count(*) from consents where partner_id = ${who.client.partner.slice(4)}`
  expect(given).toEqual({ count: '0' })
})

it('an assertion that is sent again is a replay too, and two processes try a webhook once', async () => {
  const who = await engineer()
  const { run } = await start(gateway, who)
  const given = await assertion(who.client)
  const asked = []
  for (const _ of [1, 2]) {
    const response = await requestToken(gateway, { assertion: given, proof: await proof(who.client) })
    asked.push(response.status)
  }
  expect(asked).toEqual([200, 401])
  const receiver = await startReceiver()
  try {
    receiver.answer(await hear(gateway, who, receiver))
    const send = webhookSender({ privateToo: true })
    await Promise.all([continueRuns(worldOf(gateway), send), continueRuns(worldOf(strict), send)])
    expect(receiver.arrived.map(({ message }) => message.type)).toEqual(['conformance.probe', 'conformance.probe'])
    expect(receiver.taken()).toHaveLength(1)
  } finally {
    await receiver.close()
  }
  const { checks } = await look(gateway, who, run?.id ?? '')
  expect(checks.filter(({ status }) => status === 'PASSED').map(({ code, seen }) => [code, seen])).toEqual([
    ['TOKEN_WITH_DPOP', 'a token bound by DPoP was issued'],
    ['REPLAY_REFUSED', 'a client assertion that was sent again was refused'],
    ['WEBHOOK_SIGNATURE', 'what was signed was taken, and what was signed wrongly was refused'],
  ])
})

it('made-up values are values of their tags, and reach every band', () => {
  const dates = { ...TAGS[3], key: 'born', type: 'DATE' }
  const texts = { ...TAGS[3], key: 'city', type: 'TEXT' }
  for (const tag of parseTagDefinitions([...TAGS, dates, texts])) {
    const values = Array.from({ length: 12 }, (_, number) => sampleValue(tag, number))
    expect(values.map((value) => normalizeValue(tag, value))).toEqual(values)
    const mask = maskOf(tag)
    const labels = new Set(values.map((value) => mask('band', value)))
    for (const { label } of tag.bands ?? []) expect(labels).toContain(label)
  }
})
