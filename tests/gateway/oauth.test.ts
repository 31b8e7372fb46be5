import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goLive } from '../../partners/go-live.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, assertion, epoch, keyPair, proof, registerClient, requestToken, thumbprint } from './clients.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway

beforeAll(async () => {
  // both at once: the signing key is made by one of them
  ;[gateway, second] = await Promise.all([startGateway(world), startGateway(world)])
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

describe('a client with the openid-client library', () => {
  it.each(['ES256', 'PS256'] as const)(
    'is given a bound JWT by %s assertion and proof, and comes in with it',
    async (alg) => {
      const client = await registerClient(gateway.context, { alg, scopes: ['customers:read', 'statements:read'] })
      const config = await openid.discovery(
        new URL(`${ORIGIN}/oauth`),
        client.id,
        undefined,
        openid.PrivateKeyJwt({ key: client.keys.privateKey, kid: 'a' }),
        { algorithm: 'oauth2', [openid.customFetch]: (url, options) => gateway.fetch(url, options as RequestInit) },
      )
      const keys = await openid.randomDPoPKeyPair(alg)
      const dpop = openid.getDPoPHandle(config, keys)
      const tokens = await openid.clientCredentialsGrant(config, {}, { DPoP: dpop })
      expect(tokens).toMatchObject({ token_type: 'dpop', expires_in: 300, scope: 'customers:read statements:read' })
      expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
      expect(decodeJwt(tokens.access_token)).toMatchObject({
        iss: `${ORIGIN}/oauth`,
        aud: `${ORIGIN}/graphql`,
        client_id: client.id,
        partner: client.partner,
      })
      const response = await openid.fetchProtectedResource(
        config,
        tokens.access_token,
        new URL(`${ORIGIN}/graphql`),
        'POST',
        JSON.stringify({ query: '{ caller }' }),
        new Headers({ 'content-type': 'application/json' }),
        { DPoP: dpop },
      )
      expect(await response.json()).toMatchObject({ data: { caller: `partner:${client.id}` } })
    },
  )
})

describe('the metadata', () => {
  it('says the same at both addresses, and names nothing that is not offered', async () => {
    const [openidForm, oauthForm] = await Promise.all(
      ['/oauth/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/oauth'].map(async (path) =>
        (await gateway.fetch(path)).json(),
      ),
    )
    expect(openidForm).toEqual(oauthForm)
    expect(oauthForm).toMatchObject({
      issuer: `${ORIGIN}/oauth`,
      token_endpoint: `${ORIGIN}/oauth/token`,
      jwks_uri: `${ORIGIN}/oauth/jwks`,
      grant_types_supported: expect.arrayContaining(['client_credentials']),
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256'],
      dpop_signing_alg_values_supported: ['ES256', 'PS256'],
      scopes_supported: [
        'customers:read',
        'catalog:read',
        'contributions:write',
        'statements:read',
        'statements:answer',
        'agreements:sign',
        'payouts:write',
        'tags:supply',
        'webhooks:manage',
        'audiences:count',
      ],
    })
    for (const absent of ['userinfo_endpoint', 'registration_endpoint', 'end_session_endpoint', 'claims_supported']) {
      expect(oauthForm).not.toHaveProperty(absent)
    }
  })

  it('leads from the resource to its authorization server', async () => {
    const response = await gateway.fetch('/.well-known/oauth-protected-resource/graphql')
    expect(await response.json()).toMatchObject({
      resource: `${ORIGIN}/graphql`,
      authorization_servers: [`${ORIGIN}/oauth`],
      dpop_bound_access_tokens_required: true,
    })
  })

  it('publishes one public key, the same in every process', async () => {
    const [one, other] = await Promise.all(
      [gateway, second].map(async (each) => (await each.fetch('/oauth/jwks')).json()),
    )
    expect(one).toEqual(other)
    expect(one).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256' }] })
    expect(JSON.stringify(one)).not.toContain('"d"')
  })

  it('keeps the private key wrapped', async () => {
    const rows = await world.owner<{ wrapped: Buffer }[]>`select wrapped from signing_keys where use = 'oauth'`
    expect(rows).toHaveLength(1)
    expect(rows[0]?.wrapped.toString('latin1')).not.toContain('"d"')
  })

  it.each([{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }])(
    'is of the configured origin whatever the request says: %o',
    async (headers) => {
      const text = await rawGet(gateway.port, '/oauth/.well-known/openid-configuration', headers)
      expect(text).toContain(`${ORIGIN}/oauth/token`)
      expect(text).not.toContain('evil')
    },
  )

  it('is of the configured origin for a request in absolute form', async () => {
    const text = await rawGet(gateway.port, 'http://evil.example/oauth/.well-known/openid-configuration', {})
    expect(text).toContain(`${ORIGIN}/oauth/token`)
    expect(text).not.toContain('evil')
  })
})

describe('the token endpoint', () => {
  it('gives the scopes that were asked for, among those that the client has', async () => {
    const client = await registerClient(gateway.context, { scopes: ['customers:read', 'catalog:read'] })
    const form = { scope: 'catalog:read' }
    const response = await requestToken(gateway, {
      assertion: await assertion(client),
      proof: await proof(client),
      form,
    })
    expect(await response.json()).toMatchObject({ scope: 'catalog:read', token_type: 'DPoP' })
  })

  it.each(['statements:read', 'customers:read statements:read', 'admin'])(
    'refuses scopes that the client does not have: %s',
    async (scope) => {
      const client = await registerClient(gateway.context)
      const given = { assertion: await assertion(client), proof: await proof(client), form: { scope } }
      await refused(await requestToken(gateway, given), 400, 'invalid_scope')
    },
  )

  it.each([`${ORIGIN}/customer/graphql`, 'https://elsewhere.example/'])(
    'refuses another resource: %s',
    async (resource) => {
      const client = await registerClient(gateway.context)
      const given = { assertion: await assertion(client), proof: await proof(client), form: { resource } }
      await refused(await requestToken(gateway, given), 400, 'invalid_target')
    },
  )

  it.each([
    ['authorization_code', 'invalid_request'],
    ['refresh_token', 'invalid_request'],
    ['password', 'unsupported_grant_type'],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'unsupported_grant_type'],
  ])('refuses the grant %s to a client that asks no customers', async (grant, error) => {
    const client = await registerClient(gateway.context)
    const given = { assertion: await assertion(client), proof: await proof(client), form: { grant_type: grant } }
    await refused(await requestToken(gateway, given), 400, error)
  })

  it.each([
    ['of another key', async () => ({ keys: await keyPair() })],
    ['for another audience', async () => ({ claims: { aud: `${ORIGIN}/graphql` } })],
    ['for the token endpoint', async () => ({ claims: { aud: `${ORIGIN}/oauth/token` } })],
    ['for a list of audiences', async () => ({ claims: { aud: [`${ORIGIN}/oauth`, 'https://other.example'] } })],
    ['that has expired', async () => ({ claims: { exp: epoch() - 60 } })],
    ['that lives a day', async () => ({ claims: { exp: epoch() + 86_400 } })],
    ['without an end', async () => ({ claims: { exp: undefined } })],
    ['without a jti', async () => ({ claims: { jti: undefined } })],
    ['with a jti that is no text', async () => ({ claims: { jti: { a: 1 } } })],
    ['of another client', async () => ({ claims: { sub: 'cli_0' } })],
    ['of a client that is no text', async () => ({ claims: { sub: ['\u0000'] } })],
    ['of a client with a NUL', async () => ({ claims: { sub: 'cli_\u0000' } })],
  ])('refuses an assertion %s', async (_, overrides) => {
    const client = await registerClient(gateway.context)
    const given = { assertion: await assertion(client, await overrides()), proof: await proof(client) }
    await refused(await requestToken(gateway, given), 401, 'invalid_client')
  })

  it.each([
    ['none at all', async () => undefined],
    ['a proof for another address', async () => ({ address: `${ORIGIN}/graphql` })],
    ['a proof for another method', async () => ({ method: 'GET' })],
    ['a proof 90 s old', async () => ({ claims: { iat: epoch() - 90 } })],
    ['a proof 60 s ahead', async () => ({ claims: { iat: epoch() + 60 } })],
    [
      'a proof with a private key',
      async () => ({ header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' } } }),
    ],
    ['a proof of a spoofed host', async () => ({ address: 'https://evil.example/oauth/token' })],
  ])('refuses %s as proof', async (_, overrides) => {
    const client = await registerClient(gateway.context)
    const given = await overrides()
    const sent = given === undefined ? {} : { proof: await proof(client, given) }
    const headers = { 'x-forwarded-host': 'evil.example' }
    const response = await requestToken(gateway, { assertion: await assertion(client), ...sent }, headers)
    await refused(response, 400, given === undefined ? 'invalid_grant' : 'invalid_dpop_proof')
  })

  it('takes a proof 10 s ahead', async () => {
    const client = await registerClient(gateway.context)
    const early = await proof(client, { claims: { iat: epoch() + 10 } })
    expect((await requestToken(gateway, { assertion: await assertion(client), proof: early })).status).toBe(200)
  })

  it('binds the token to the key of the proof', async () => {
    const client = await registerClient(gateway.context)
    const token = await accessToken(gateway, client)
    expect(decodeJwt(token)).toMatchObject({ cnf: { jkt: await thumbprint(client.proofKeys) } })
  })

  it('gives one token for one assertion sent 20 times at once to two processes', async () => {
    const client = await registerClient(gateway.context)
    const one = await assertion(client)
    const proofs = await Promise.all(Array.from({ length: 20 }, () => proof(client)))
    const answers = await Promise.all(
      proofs.map((each, index) => requestToken(index % 2 ? gateway : second, { assertion: one, proof: each })),
    )
    expect(statuses(answers)[200]).toBe(1)
    expect(answers.every(({ status }) => status < 500)).toBe(true)
  })

  it('gives one token for one proof sent 20 times at once to two processes', async () => {
    const client = await registerClient(gateway.context)
    const one = await proof(client)
    const assertions = await Promise.all(Array.from({ length: 20 }, () => assertion(client)))
    const answers = await Promise.all(
      assertions.map((each, index) => requestToken(index % 2 ? gateway : second, { assertion: each, proof: one })),
    )
    expect(statuses(answers)[200]).toBe(1)
    expect(answers.every(({ status }) => status < 500)).toBe(true)
  })

  it('refuses a client that was revoked, and one that never was', async () => {
    const client = await registerClient(gateway.context)
    await revokeClient(gateway.context, { client: client.id, reason: 'key lost' })
    await refused(
      await requestToken(gateway, { assertion: await assertion(client), proof: await proof(client) }),
      401,
      'invalid_client',
    )
    const stranger = { ...client, id: 'cli_0198c0de0000700080000000000000ff' }
    const given = { assertion: await assertion(stranger), proof: await proof(stranger) }
    await refused(await requestToken(gateway, given), 401, 'invalid_client')
  })

  it('refuses a suspended partner, and gives again when the suspension ends', async () => {
    const client = await registerClient(gateway.context)
    const ask = async (): Promise<Response> =>
      requestToken(gateway, { assertion: await assertion(client), proof: await proof(client) })
    await goLive(gateway.context, { partner: client.partner })
    expect((await ask()).status).toBe(200)
    await changePartnerStatus(gateway.context, { partner: client.partner, status: 'SUSPENDED', reason: 'incident' })
    await refused(await ask(), 400, 'unauthorized_client')
    await changePartnerStatus(gateway.context, { partner: client.partner, status: 'LIVE', reason: 'resolved' })
    expect((await ask()).status).toBe(200)
  })

  it.each([
    ['a body that is no form', { 'content-type': 'application/json' }, '{}'],
    ['an empty body', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    ['a body of a megabyte', { 'content-type': 'application/x-www-form-urlencoded' }, `a=${'b'.repeat(1_000_000)}`],
    ['NUL', { 'content-type': 'application/x-www-form-urlencoded' }, 'client_id=%00&grant_type=%00'],
    [
      'a secret',
      { authorization: `Basic ${btoa('a:b')}`, 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=client_credentials',
    ],
    [
      'an assertion of rubbish',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'client_assertion=a.b.c&client_assertion_type=x',
    ],
  ])('refuses %s with an error of 4xx, as JSON for browsers too', async (_, headers, body) => {
    const response = await gateway.fetch('/oauth/token', {
      method: 'POST',
      headers: { accept: 'text/html', ...headers },
      body,
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(response.headers.get('content-type')).toContain('application/json')
  })

  it.each([
    ['GET', '/oauth/token', 405],
    ['POST', '/oauth/jwks', 405],
    ['GET', '/oauth/auth?client_id=x', 404],
    ['POST', '/oauth/reg', 404],
    ['GET', '/oauth/session/end', 404],
  ])('offers nothing else: %s %s', async (method, path, status) => {
    const response = await gateway.fetch(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  })
})

describe('introspection', () => {
  it('tells a client all about its own token, and another client nothing', async () => {
    const [own, other] = [await registerClient(gateway.context), await registerClient(gateway.context)]
    const token = await accessToken(gateway, own)
    expect(await introspect(own, token)).toMatchObject({
      active: true,
      client_id: own.id,
      token_type: 'DPoP',
      cnf: { jkt: await thumbprint(own.proofKeys) },
    })
    expect(await introspect(other, token)).toEqual({ active: false })
    expect(await introspect(own, `${token}x`)).toEqual({ active: false })
    expect(await introspect(own, 'opaque')).toEqual({ active: false })
  })

  it('asks who asks', async () => {
    const token = await accessToken(gateway, await registerClient(gateway.context))
    const response = await gateway.fetch('/oauth/token/introspection', {
      method: 'POST',
      body: new URLSearchParams({ token }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  async function introspect(client: Awaited<ReturnType<typeof registerClient>>, token: string): Promise<unknown> {
    const form = {
      token,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(client),
    }
    const response = await gateway.fetch('/oauth/token/introspection', {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return response.json()
  }
})

function statuses(responses: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

async function refused(response: Response, status: number, error: string): Promise<void> {
  expect(await response.json()).toMatchObject({ error })
  expect(response.status).toBe(status)
}

/** fetch would not let the Host header be changed. */
async function rawGet(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers }, async (response) => {
      resolve((await response.toArray()).join(''))
    })
    sent.on('error', reject).end()
  })
}
