import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevelopmentPerson, makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, epoch, type KeyPair, keyPair, registerClient } from './clients.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const ISSUER = 'https://login.broker.test'
const world = useWorld()
let keys: KeyPair
let gateway: TestGateway

beforeAll(async () => {
  keys = await keyPair()
  const identity = { issuer: ISSUER, jwks: { keys: [{ ...keys.publicJwk, kid: 'idp', alg: 'ES256' }] } }
  gateway = await startGateway(world, { settings: { identity } })
})
afterAll(async () => {
  await gateway.close()
})

describe('the customer graph', () => {
  it('knows a customer by the account key in a token of the identity provider', async () => {
    const answer = await ask('customer', await idpToken())
    expect(await answer.json()).toEqual({ data: { caller: 'customer:acc-77' } })
  })

  it('knows a customer by a token of the development issuer', async () => {
    const token = await developmentToken({ customer: 'acc-1' })
    expect(await (await ask('customer', token)).json()).toEqual({ data: { caller: 'customer:acc-1' } })
  })

  it.each<[string, () => Promise<string>]>([
    ['for the operations graph', () => idpToken({ aud: `${ORIGIN}/operations/graphql` })],
    ['for an application (an id token)', () => idpToken({ aud: 'console' })],
    ['without an audience', () => idpToken({ aud: undefined })],
    ['of another issuer', () => idpToken({ iss: 'https://evil.example' })],
    ['without an issuer', () => idpToken({ iss: undefined })],
    ['that has expired', () => idpToken({ exp: epoch() - 60 })],
    ['without an end', () => idpToken({ exp: undefined })],
    ['without a subject', () => idpToken({ sub: undefined })],
    ['with an empty subject', () => idpToken({ sub: '' })],
    ['with a NUL in its subject', () => idpToken({ sub: 'a\u0000b' })],
    ['of another key', async () => idpToken({}, await keyPair())],
    ['of the development issuer by another key', () => idpToken({ iss: `${ORIGIN}/development-issuer` })],
    ['of staff', () => developmentToken({ staff: 'alice', roles: ['finance'] })],
    ['of a partner', async () => accessToken(gateway, await registerClient(gateway.context))],
    ['of rubbish', async () => 'a.b.c'],
    [
      'with alg none',
      async () => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ iss: ISSUER }))}.`.replaceAll('=', ''),
    ],
  ])('refuses a token %s', async (_, make) => {
    const answer = await ask('customer', await make())
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer error="invalid_token"')
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('asks for credentials when there are none', async () => {
    const answer = await ask('customer', undefined)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })
})

describe('the operations graph', () => {
  it('knows staff by name, with those of their roles that there are', async () => {
    const token = await idpToken({ aud: `${ORIGIN}/operations/graphql`, sub: 'alice', roles: ['finance', 'root'] })
    expect(await (await ask('operations', token)).json()).toEqual({ data: { caller: 'staff:alice:finance' } })
  })

  it.each([[[]], [['root']], ['finance'], [undefined]])('refuses staff without a role: %o', async (roles) => {
    const answer = await ask('operations', await idpToken({ aud: `${ORIGIN}/operations/graphql`, roles }))
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  it('refuses customers', async () => {
    expect((await ask('operations', await developmentToken({ customer: 'acc-1' }))).status).toBe(401)
  })
})

describe('the development issuer', () => {
  it('publishes its keys and no secret', async () => {
    const { jwks_uri: address } = (await (
      await gateway.fetch('/development-issuer/.well-known/openid-configuration')
    ).json()) as { jwks_uri: string }
    const keySet = await (await gateway.fetch(address)).text()
    expect(JSON.parse(keySet)).toMatchObject({ keys: [{ alg: 'ES256' }] })
    expect(keySet).not.toContain('"d"')
  })

  it('is not there, and its tokens are not taken, where it is off', async () => {
    const token = await developmentToken({ customer: 'acc-1' })
    const strict = await startGateway(world, { settings: { development: { issuer: false, graphiql: false } } })
    try {
      expect((await ask('customer', token, strict)).status).toBe(401)
      expect((await strict.fetch('/development-issuer/jwks')).status).toBe(404)
      await expect(makeDevelopmentToken(strict.context, strict.settings, { customer: 'acc-1' })).rejects.toMatchObject({
        code: 'UNSUPPORTED',
      })
    } finally {
      await strict.close()
    }
  })
})

describe('an identity provider by address', () => {
  it('must be on https', async () => {
    const identity = { issuer: ISSUER, jwks: { url: 'http://login.broker.test/jwks' } }
    await expect(startGateway(world, { settings: { identity } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('answers 503 for its tokens while its keys cannot be had, and 401 for those of others', async () => {
    const identity = { issuer: ISSUER, jwks: { url: 'https://127.0.0.1:9/jwks' } }
    const waiting = await startGateway(world, { settings: { identity } })
    try {
      const answer = await ask('customer', await idpToken(), waiting)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'IDENTITY_UNAVAILABLE' } }] })
      expect((await ask('customer', await idpToken({ iss: 'https://evil.example' }), waiting)).status).toBe(401)
    } finally {
      await waiting.close()
    }
  })
})

async function idpToken(claims: Readonly<Record<string, unknown>> = {}, by: KeyPair = keys): Promise<string> {
  const base = { iss: ISSUER, aud: `${ORIGIN}/customer/graphql`, sub: 'acc-77', iat: epoch(), exp: epoch() + 300 }
  return new SignJWT({ ...base, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'idp' }).sign(by.privateKey)
}

async function developmentToken(person: DevelopmentPerson): Promise<string> {
  return makeDevelopmentToken(gateway.context, gateway.settings, person)
}

async function ask(
  graph: 'customer' | 'operations',
  token: string | undefined,
  at: TestGateway = gateway,
): Promise<Response> {
  return at.fetch(`/${graph}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query: '{ caller }' }),
  })
}
