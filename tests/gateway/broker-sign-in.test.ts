import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { Browser, type Seen } from './browser.ts'
import type { TestClient } from './clients.ts'
import { askingClient, authorizeAddress, decide, formOf, pushed } from './consent-flow.ts'
import { startGateway, type TestGateway } from './gateway.ts'
import { comingBack, startIdentityProvider, type TestProvider } from './identity-provider.ts'

const world = useWorld()
let provider: TestProvider
let gateway: TestGateway
let second: TestGateway
let client: TestClient

beforeAll(async () => {
  provider = await startIdentityProvider()
  const { issuer, keys } = provider
  const signIn = { clientId: 'tributary', clientSecret: 'the-secret-of-tributary' }
  const settings = { identity: { issuer, jwks: { keys }, signIn } }
  ;[gateway, second] = await Promise.all([startGateway(world, { settings }), startGateway(world, { settings })])
  await defineCatalogue(gateway.context)
  client = await askingClient(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close(), provider.close()])
})

async function begin(browser: Browser): Promise<Seen> {
  const page = await browser.get(authorizeAddress(client, await pushed(gateway, client)))
  expect(page.text).not.toContain('name="account"')
  return browser.get(`${page.address}/sign-in`)
}

describe('signing in at the broker’s identity provider', () => {
  it('leads to the consent page of that customer, over two processes, and stands in the evidence', async () => {
    const account = await customer(world.owner, { synthetic: true })
    provider.seat(account)
    const browser = new Browser(gateway, second)
    const atProvider = await begin(browser)
    expect(new URL(atProvider.address).searchParams.get('code_challenge_method')).toBe('S256')
    const page = await browser.get(await comingBack(atProvider.address))
    expect(page.text).toContain('Exact value – 44')
    expect((await decide(browser, page, [...formOf(page), ['decision', 'agree']])).has('code')).toBe(true)
    const [row] = await world.owner<{ evidence: { authentication: object } }[]>`
      select evidence from consents c join customers u on u.id = c.customer_id where u.account_key = ${account}`
    expect(row?.evidence.authentication).toMatchObject({
      acr: 'urn:broker:strong',
      amr: ['pwd', 'otp'],
      authTime: expect.any(String),
    })
  })

  it('leads back to the sign-in page when the customer turns away, or is none of ours', async () => {
    for (const who of [undefined, 'a-stranger']) {
      provider.seat(who)
      const browser = new Browser(gateway)
      const page = await browser.get(await comingBack((await begin(browser)).address))
      expect(page.status).toBe(422)
      expect(page.text).toContain(who === undefined ? 'Signing in did not work' : 'There is no customer')
    }
  })

  it('is for the browser that began it, and once', async () => {
    provider.seat(await customer(world.owner, { synthetic: true }))
    const browser = new Browser(gateway)
    const cameBackTo = await comingBack((await begin(browser)).address)
    expect((await new Browser(gateway).get(cameBackTo)).status).toBe(404)
    const answers = await Promise.all(
      [browser.copy(), browser.copy(), browser.copy()].map((each) => each.get(cameBackTo)),
    )
    expect(answers.filter(({ text }) => text.includes('Exact value')).length).toBe(1)
  })

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`)],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['another code', (url: URL) => url.searchParams.set('code', 'made-up')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['a state with a NUL', (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}\u0000`)],
  ])('does not work with %s', async (_, change) => {
    provider.seat(await customer(world.owner, { synthetic: true }))
    const browser = new Browser(gateway)
    const url = new URL(await comingBack((await begin(browser)).address))
    change(url)
    const page = await browser.get(url.href)
    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(page.status).toBeLessThan(500)
    expect(page.text).not.toContain('Exact value')
  })

  it('is not made up beside it', async () => {
    const account = await customer(world.owner, { synthetic: true })
    const browser = new Browser(gateway)
    const page = await browser.get(authorizeAddress(client, await pushed(gateway, client)))
    const answer = await browser.post(`${page.address}/sign-in`, [['account', account]])
    expect(answer.status).toBe(403)
  })

  it('says so when the provider does not answer', async () => {
    const identity = { issuer: 'http://127.0.0.1:9', jwks: { keys: [] }, signIn: { clientId: 'tributary' } }
    const lonely = await startGateway(world, { settings: { identity } })
    try {
      const browser = new Browser(lonely)
      const page = await browser.get(authorizeAddress(client, await pushed(lonely, client)))
      expect((await browser.get(`${page.address}/sign-in`)).status).toBe(503)
    } finally {
      await lonely.close()
    }
  })
})
