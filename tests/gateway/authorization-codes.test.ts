import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { rotateSigningKey } from '../../gateway/keys/rotate-signing-key.ts'
import { changeClient } from '../../partners/change-client.ts'
import { goLive } from '../../partners/go-live.ts'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { Browser } from './browser.ts'
import {
  accessToken,
  askPartnerGraph,
  assertion,
  credentials,
  keyPair,
  proof,
  registerClient,
  requestToken,
  type TestClient,
  thumbprint,
} from './clients.ts'
import {
  asked,
  askingClient,
  askToken,
  authorizeAddress,
  codeOf,
  decide,
  exchange,
  formOf,
  push,
  pushed,
  REDIRECT_URI,
  signIn,
} from './consent-flow.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let client: TestClient
let account: string
/** What came up in these tests that no log line may hold. */
const secrets: string[] = []

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startGateway(world), startGateway(world)])
  await defineCatalogue(gateway.context)
  client = await askingClient(gateway.context)
  account = await customer(world.owner, { synthetic: true })
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type Tokens = {
  readonly access_token: string
  readonly refresh_token: string
  readonly authorization_details: readonly { readonly consent_id: string; readonly subject: string }[]
}

describe('the metadata of authorization codes', () => {
  it('says what FAPI 2.0 asks for, and no more than is offered', async () => {
    const metadata = await (await gateway.fetch('/.well-known/oauth-authorization-server/oauth')).json()
    expect(metadata).toMatchObject({
      authorization_endpoint: `${ORIGIN}/oauth/authorize`,
      pushed_authorization_request_endpoint: `${ORIGIN}/oauth/par`,
      require_pushed_authorization_requests: true,
      revocation_endpoint: `${ORIGIN}/oauth/token/revocation`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      authorization_response_iss_parameter_supported: true,
      authorization_details_types_supported: ['customer_tags'],
    })
    expect(metadata.grant_types_supported.toSorted()).toEqual([
      'authorization_code',
      'client_credentials',
      'refresh_token',
    ])
  })
})

describe('pushing a request', () => {
  it('gives a name that is good for a minute', async () => {
    const { response } = await push(gateway, client)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      expires_in: 60,
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
    })
  })

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['without a method of the challenge', { code_challenge_method: undefined }, 'invalid_request'],
    ['back to another address', { redirect_uri: 'https://partner.example/elsewhere' }, 'invalid_request'],
    ['back to an address that only begins so', { redirect_uri: `${REDIRECT_URI}/more` }, 'invalid_request'],
    ['back to nowhere', { redirect_uri: undefined }, 'invalid_request'],
    ['for a token in the address', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an id token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['for an answer by script', { response_mode: 'form_post' }, 'invalid_request'],
    ['for an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['for nothing', { authorization_details: undefined }, 'invalid_authorization_details'],
    ['for an empty list', { authorization_details: '[]' }, 'invalid_authorization_details'],
    ['with a scope that the client lacks', { scope: 'statements:read' }, 'invalid_scope'],
    ['with a scope that no customer gives', { scope: 'catalog:read' }, 'invalid_scope'],
    ['for another resource', { resource: `${ORIGIN}/operations/graphql` }, 'invalid_target'],
    ['with a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['in the name of another client', { client_id: 'cli_0198c0de0000700080000000000000ff' }, 'invalid_request'],
  ])('is refused %s', async (_, form, error) => {
    const { response } = await push(gateway, client, form)
    expect(await response.json()).toMatchObject({ error })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
  })

  it.each<[string, unknown, RegExp]>([
    ['another type', [asked({ type: 'payment' })], /unsupported authorization details type/],
    ['two at a time', [asked(), asked()], /one customer_tags at a time/],
    ['an unknown purpose', [asked({ purpose: 'SPYING' })], /purpose: there is no such purpose/],
    [
      'a tag outside the purpose',
      [asked({ purpose: 'EDUCATION', tags: [{ key: 'assets', granularity: 'band' }] })],
      /tags\.0: tag assets/,
    ],
    [
      'a tag that does not exist',
      [asked({ tags: [{ key: 'shoe_size', granularity: 'exact' }] })],
      /tags\.0: tag shoe_size/,
    ],
    [
      'a tag finer than it is shared',
      [asked({ tags: [{ key: 'assets', granularity: 'exact' }] })],
      /assets:exact may not be asked/,
    ],
    [
      'a tag twice',
      [
        asked({
          tags: [
            { key: 'age', granularity: 'band' },
            { key: 'age', granularity: 'flag' },
          ],
        }),
      ],
      /a tag stands twice/,
    ],
    ['no tag', [asked({ tags: [] })], /at least one tag/],
    ['an end in the past', [asked({ expires: '2020-01-01T00:00:00Z' })], /expires: a consent ends in the future/],
    ['an end too far', [asked({ expires: '2099-01-01T00:00:00Z' })], /lasts at most 12 months/],
    ['an end that is no time', [asked({ expires: 'tomorrow' })], /expires/],
    ['an unknown usage', [asked({ usage: 'forever' })], /usage/],
    ['once and so many a day', [asked({ usage: 'once', maxPerDay: 3 })], /maxPerDay/],
    ['no number of days that it is kept', [asked({ retentionDays: undefined })], /retentionDays/],
    ['a fraction a day', [asked({ maxPerDay: 1.5 })], /maxPerDay/],
    ['a member that is not known', [asked({ force: true })], /force|not known|unrecognized/i],
    ['an object', asked(), /JSON array/],
  ])('is refused when it asks for %s', async (_, details, description) => {
    const { response } = await push(gateway, client, { authorization_details: JSON.stringify(details) })
    const answer = await response.json()
    expect(answer).toMatchObject({ error: 'invalid_authorization_details' })
    expect(answer.error_description).toMatch(description)
    expect(response.status).toBe(400)
  })

  it.each([
    ['a key twice', `[{"type":"customer_tags","type":"customer_tags"}]`],
    ['a prototype', `[${JSON.stringify(asked()).replace('{', '{"__proto__":{"a":1},')}]`],
    ['a NUL', JSON.stringify([asked({ purpose: 'CREDIT\u0000' })])],
    ['500 levels', `${'['.repeat(500)}${']'.repeat(500)}`],
    ['no JSON', '[{'],
    ['much', JSON.stringify([asked({ purpose: 'X'.repeat(30_000) })])],
  ])('is refused with an error of 4xx for details with %s', async (_, details) => {
    const { response } = await push(gateway, client, { authorization_details: details })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await response.json()).toHaveProperty('error')
  })

  it.each<[string, (form: string) => string]>([
    ['a parameter twice', (form) => `${form}&redirect_uri=https%3A%2F%2Fevil.example%2F`],
    ['10 MB', (form) => `${form}&more=${'x'.repeat(10_000_000)}`],
    ['a name of a prototype', (form) => `${form}&__proto__=1&constructor=2`],
    ['what is not encoded', (form) => `${form}&scope=%E0%A4%A`],
  ])('does not stumble over %s', async (name, change) => {
    const assertions = { client_assertion: await assertion(client), client_assertion_type: ASSERTION_TYPE }
    const form = new URLSearchParams({ ...assertions, client_id: client.id, redirect_uri: REDIRECT_URI })
    const response = await gateway.fetch('/oauth/par', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: change(form.toString()),
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    if (name === 'a parameter twice') expect((await response.json()).error_description).toContain("'redirect_uri'")
  })

  it('is refused to a client without redirect addresses, and to one that may not read customers', async () => {
    const silent = await registerClient(gateway.context)
    expect((await push(gateway, silent)).response.status).toBe(400)
    const other = await askingClient(gateway.context, ['catalog:read'])
    const { response } = await push(gateway, other)
    expect(await response.json()).toMatchObject({ error: 'unauthorized_client' })
  })

  it('is refused to a partner that may not be given consents', async () => {
    const leaving = await askingClient(gateway.context)
    await goLive(gateway.context, { partner: leaving.partner })
    await changePartnerStatus(gateway.context, { partner: leaving.partner, status: 'SUSPENDED', reason: 'late' })
    const { response } = await push(gateway, leaving)
    expect(await response.json()).toMatchObject({ error: 'unauthorized_client' })
  })

  it('happens once for one assertion, however often it is sent at once to two processes', async () => {
    const one = await assertion(client)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => push(at % 2 ? gateway : second, client, { client_assertion: one })),
    )
    expect(answers.filter(({ response }) => response.status === 201)).toHaveLength(1)
    expect(answers.every(({ response }) => response.status < 500)).toBe(true)
  })
})

describe('the authorization endpoint', () => {
  it.each([
    ['without a pushed request', () => ({ client_id: client.id, response_type: 'code', redirect_uri: REDIRECT_URI })],
    [
      'with a request that was never pushed',
      () => ({ client_id: client.id, request_uri: 'urn:ietf:params:oauth:request_uri:none' }),
    ],
    ['with a request from elsewhere', () => ({ client_id: client.id, request_uri: 'https://evil.example/request' })],
    ['without a client', () => ({})],
    ['with a client that is none', () => ({ client_id: 'cli_\u0000' })],
  ])('tells a person in a browser that it does not work %s', async (_, query) => {
    const address = `/oauth/authorize?${new URLSearchParams(query())}`
    const page = await gateway.fetch(address, { headers: { accept: 'text/html', 'accept-language': 'zh-CN,zh;q=0.9' } })
    const location = page.headers.get('location')
    if (location === null) {
      expect(page.status).toBe(400)
      expect(await page.text()).toContain('未能完成')
    } else {
      // where client and address are known, the error goes back to the partner
      expect(new URL(location).searchParams.get('error')).toBe('invalid_request')
    }
    expect((await gateway.fetch(address)).status).toBeLessThan(500)
  })

  it('does not take another client’s request', async () => {
    const other = await askingClient(gateway.context)
    const request = await pushed(gateway, client)
    const response = await gateway.fetch(authorizeAddress(other, request))
    expect(response.status).toBe(400)
  })

  it('gives one code for one request, whoever comes with it at once, and none afterwards', async () => {
    const request = await pushed(gateway, client)
    const address = authorizeAddress(client, request)
    const browsers = [new Browser(gateway), new Browser(second), new Browser(gateway), new Browser(second)]
    const pages = await Promise.all(browsers.map((browser) => signIn(browser, address, account)))
    const answers = await Promise.all(
      browsers.map((browser, at) => {
        const page = pages[at]
        if (page === undefined) throw new Error('each browser has its page')
        return decide(browser, page, [...formOf(page), ['decision', 'agree']])
      }),
    )
    expect(answers.filter((query) => query.has('code'))).toHaveLength(1)
    const late = await new Browser(gateway).get(address)
    expect(late.status).toBe(400)
  })
})

describe('an authorization code', () => {
  it('comes with who gives it, and what the partner knows it by', async () => {
    const { back, state } = await codeOf(gateway, client, account)
    expect(Object.fromEntries(back)).toEqual({ code: expect.any(String), state, iss: `${ORIGIN}/oauth` })
  })

  it('becomes a bound token that says who calls, and the consent that was given', async () => {
    const response = await exchange(gateway, client, await codeOf(gateway, client, account))
    const tokens = (await response.json()) as Tokens
    expect(tokens).toMatchObject({
      token_type: 'DPoP',
      expires_in: 300,
      scope: 'customers:read',
      authorization_details: [
        {
          type: 'customer_tags',
          purpose: 'CREDIT',
          tags: [
            { key: 'age', granularity: 'exact' },
            { key: 'risk_level', granularity: 'band' },
          ],
          usage: 'recurring',
          retentionDays: 30,
          consent_id: expect.stringMatching(/^cns_/),
          subject: expect.any(String),
        },
      ],
    })
    expect(tokens).not.toHaveProperty('id_token')
    const claims = decodeJwt(tokens.access_token)
    expect(claims).toMatchObject({
      sub: tokens.authorization_details[0]?.subject,
      client_id: client.id,
      partner: client.partner,
      cnf: { jkt: await thumbprint(client.proofKeys) },
    })
    expect(claims).not.toHaveProperty('authorization_details')
    expect(JSON.stringify([claims, tokens])).not.toContain(account)
    const headers = await credentials(client, tokens.access_token)
    expect(await (await askPartnerGraph(gateway, headers)).json()).toMatchObject({
      data: { caller: `partner:${client.id}` },
    })
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await askPartnerGraph(gateway, bearer)).status).toBe(401)
  })

  it('tells two partners of one customer nothing that they could join', async () => {
    const other = await askingClient(gateway.context)
    const [one, two] = await Promise.all(
      [client, other].map(async (each) => {
        const tokens = (await (await exchange(gateway, each, await codeOf(gateway, each, account))).json()) as Tokens
        return [
          decodeJwt(tokens.access_token).sub,
          tokens.authorization_details[0]?.subject,
          tokens.authorization_details[0]?.consent_id,
        ]
      }),
    )
    for (const name of one ?? []) expect(two).not.toContain(name)
  })

  it('is good once, sent 20 times at once to two processes', async () => {
    const got = await codeOf(gateway, client, account)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => exchange(at % 2 ? gateway : second, client, got)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19)
  })

  it('takes what it gave with it when it comes a second time (RFC 6749 §4.1.2)', async () => {
    const got = await codeOf(gateway, client, account)
    const { refresh_token } = (await (await exchange(gateway, client, got)).json()) as Tokens
    expect((await exchange(gateway, client, got)).status).toBe(400)
    await refused(await refresh(client, refresh_token), 'invalid_grant')
  })

  it.each<[string, Record<string, string>]>([
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['another address', { redirect_uri: 'https://partner.example/elsewhere' }],
    ['another code', { code: 'made-up' }],
    ['a code with a NUL', { code: '\u0000' }],
  ])('is refused with %s', async (_, form) => {
    await refused(await exchange(gateway, client, await codeOf(gateway, client, account), form), 'invalid_grant')
  })

  it('is refused to another client, and with another key than it was asked under', async () => {
    const [got, other] = [await codeOf(gateway, client, account), await askingClient(gateway.context)]
    await refused(await exchange(gateway, other, got), 'invalid_grant')
    const bound = await codeOf(gateway, client, account, { dpop_jkt: await thumbprint(client.proofKeys) })
    await refused(await exchange(gateway, { ...client, proofKeys: await keyPair() }, bound), 'invalid_grant')
  })

  it('is refused once the partner is suspended', async () => {
    const other = await askingClient(gateway.context)
    await goLive(gateway.context, { partner: other.partner })
    const got = await codeOf(gateway, other, account)
    await changePartnerStatus(gateway.context, { partner: other.partner, status: 'SUSPENDED', reason: 'incident' })
    await refused(await exchange(gateway, other, got), 'unauthorized_client')
  })
})

describe('client credentials', () => {
  it('are refused when they ask for a customer’s tags', async () => {
    const details = { authorization_details: JSON.stringify([asked()]) }
    const given = { assertion: await assertion(client), proof: await proof(client), form: details }
    await refused(await requestToken(gateway, given), 'invalid_authorization_details')
  })
})

describe('a refresh token', () => {
  it('is good again and again, and gives what the consent gives', async () => {
    const { refresh_token } = await tokensOf(client)
    for (const each of [gateway, second]) {
      const response = await refresh(client, refresh_token, each)
      expect(response.status).toBe(200)
      const again = (await response.json()) as Tokens
      expect(again).toMatchObject({
        refresh_token,
        scope: 'customers:read',
        authorization_details: [{ purpose: 'CREDIT' }],
      })
    }
  })

  it('is good for its own client alone, and never for more', async () => {
    const { refresh_token } = await tokensOf(client)
    await refused(await refresh(await askingClient(gateway.context), refresh_token), 'invalid_grant')
    const wider = { grant_type: 'refresh_token', refresh_token, scope: 'customers:read catalog:read' }
    await refused(await askToken(gateway, client, wider), 'invalid_scope')
    const unbound = await gateway.fetch('/oauth/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assertion(client),
      }),
    })
    await refused(unbound, 'invalid_grant')
  })

  it('ends with the consent: whatever begins after the revocation is refused', async () => {
    const { refresh_token, authorization_details } = await tokensOf(client)
    let revoked = false
    const racing = Array.from({ length: 12 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 15))
      const began = revoked
      const { status } = await refresh(client, refresh_token, at % 2 ? gateway : second)
      return { began, status }
    })
    const revocation = revokeConsent(gateway.context, {
      accountKey: account,
      consentId: authorization_details[0]?.consent_id ?? '',
      idempotencyKey: 'revoke-while-refreshing',
    }).then(() => {
      revoked = true
    })
    const outcomes = await Promise.all(racing)
    await revocation
    for (const { began, status } of outcomes) expect(began ? [400] : [200, 400]).toContain(status)
    await refused(await refresh(client, refresh_token), 'invalid_grant')
  })

  it('ends at the instant at which the consent does, by the database’s clock', async () => {
    const { refresh_token, authorization_details } = await tokensOf(client)
    const [{ consent_id = '' } = {}] = authorization_details
    await behindGuards(
      world.owner,
      `update consents set expires_at = clock_timestamp() where id = '${consent_id.slice(4)}'`,
    )
    await refused(await refresh(client, refresh_token), 'invalid_grant')
  })

  it('is ended by its client, and by no other', async () => {
    const { refresh_token } = await tokensOf(client)
    expect((await revokeToken(await askingClient(gateway.context), refresh_token)).status).toBe(200)
    expect((await refresh(client, refresh_token)).status).toBe(200)
    expect((await revokeToken(client, refresh_token)).status).toBe(200)
    await refused(await refresh(client, refresh_token), 'invalid_grant')
  })

  it('is told to its own client alone when it is introspected', async () => {
    const { refresh_token } = await tokensOf(client)
    const introspect = async (who: TestClient) =>
      (await post('/oauth/token/introspection', who, { token: refresh_token })).json()
    expect(await introspect(client)).toMatchObject({ active: true, client_id: client.id })
    expect(await introspect(await askingClient(gateway.context))).toEqual({ active: false })
  })

  it('is refused to a suspended partner', async () => {
    const other = await askingClient(gateway.context)
    await goLive(gateway.context, { partner: other.partner })
    const { refresh_token } = await tokensOf(other)
    await changePartnerStatus(gateway.context, { partner: other.partner, status: 'SUSPENDED', reason: 'incident' })
    await refused(await refresh(other, refresh_token), 'unauthorized_client')
  })
})

describe('keys', () => {
  it('of ours are followed by new ones while both processes go on', async () => {
    const before = await accessToken(gateway, client)
    const rotations = await Promise.allSettled(
      [gateway, second, gateway].map(({ context }) => rotateSigningKey(context, 'oauth')),
    )
    const [rotated] = rotations.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    for (const one of rotations)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
    expect(rotated).toBeDefined()
    // a third process begins with the new key at once; the others take its tokens before they sign with it themselves
    const third = await startGateway(world)
    try {
      const after = await accessToken(third, client)
      for (const each of [gateway, second, third]) {
        for (const token of [before, after]) {
          expect((await askPartnerGraph(each, await credentials(client, token))).status).toBe(200)
        }
      }
      const { keys } = (await (await third.fetch('/oauth/jwks')).json()) as { keys: { kid: string }[] }
      expect(keys.length).toBeGreaterThanOrEqual(2)
      expect(keys.map(({ kid }) => kid)).toContain(rotated?.retired)
      expect(JSON.stringify(keys)).not.toContain('"d"')
    } finally {
      await third.close()
    }
  })

  it('of a partner are replaced without a gap', async () => {
    const other = await askingClient(gateway.context)
    const next = await keyPair()
    const ask = async (keys: TestClient['keys'], kid: string) =>
      (
        await requestToken(gateway, {
          assertion: await assertion(other, { keys, header: { kid } }),
          proof: await proof(other),
        })
      ).status
    const [old, fresh] = [
      { ...other.keys.publicJwk, kid: 'a' },
      { ...next.publicJwk, kid: 'b' },
    ]
    await changeClient(gateway.context, { client: other.id, jwks: { keys: [old, fresh] } })
    expect([await ask(other.keys, 'a'), await ask(next, 'b')]).toEqual([200, 200])
    await changeClient(gateway.context, { client: other.id, jwks: { keys: [fresh] } })
    expect([await ask(other.keys, 'a'), await ask(next, 'b')]).toEqual([401, 200])
  })
})

describe('what is logged of all this', () => {
  it('holds no code, no token, no verifier and no account', () => {
    const lines = `${gateway.logged()}\n${second.logged()}`
    expect(lines).toContain('/oauth/par')
    expect(secrets.length).toBeGreaterThan(10)
    for (const secret of [...secrets, account]) expect(lines).not.toContain(secret)
  })
})

async function tokensOf(who: TestClient): Promise<Tokens> {
  const got = await codeOf(gateway, who, account)
  const tokens = (await (await exchange(gateway, who, got)).json()) as Tokens
  secrets.push(got.code, got.verifier, got.requestUri, tokens.access_token, tokens.refresh_token)
  return tokens
}

async function refresh(who: TestClient, token: string, at: TestGateway = gateway): Promise<Response> {
  return askToken(at, who, { grant_type: 'refresh_token', refresh_token: token })
}

async function revokeToken(who: TestClient, token: string): Promise<Response> {
  return post('/oauth/token/revocation', who, { token })
}

async function post(address: string, who: TestClient, form: Readonly<Record<string, string>>): Promise<Response> {
  const body = new URLSearchParams({
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await assertion(who),
    ...form,
  })
  return gateway.fetch(address, { method: 'POST', body })
}

async function refused(response: Response, error: string): Promise<void> {
  expect(await response.json()).toMatchObject({ error })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
}
