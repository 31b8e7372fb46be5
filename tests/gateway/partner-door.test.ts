import { createHmac, randomUUID } from 'node:crypto'
import { decodeJwt, exportSPKI, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signingKeys } from '../../gateway/keys/signing-keys.ts'
import { goLive } from '../../partners/go-live.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  accessToken,
  askPartnerGraph,
  assertion,
  credentials,
  epoch,
  keyPair,
  type ProofOverrides,
  proof,
  registerClient,
  type TestClient,
  thumbprint,
} from './clients.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let client: TestClient
let token: string

beforeAll(async () => {
  gateway = await startGateway(world)
  second = await startGateway(world)
  client = await registerClient(gateway.context)
  token = await accessToken(gateway, client)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

describe('the partner graph', () => {
  it('lets in a token with a proof of its key, in any process, and says who it is', async () => {
    for (const each of [gateway, second]) {
      const answer = await askPartnerGraph(each, await credentials(client, token), { query: '{ caller actor }' })
      expect(await answer.json()).toMatchObject({
        data: { caller: `partner:${client.id}`, actor: `partner:${client.partner}` },
      })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('asks for credentials, and says where they are had', async () => {
    const answer = await askPartnerGraph(gateway, {})
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      `DPoP algs="ES256 PS256", resource_metadata="${ORIGIN}/.well-known/oauth-protected-resource/graphql"`,
    )
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', requestId: answer.headers.get('x-request-id') } }],
    })
  })

  it.each([
    ['alg none', async () => unsigned({ alg: 'none', typ: 'at+jwt' })],
    ['HS256 over the public key', async () => hmacWithPublicKey()],
    ['another key', async () => forged({ keys: await keyPair() })],
    ['a changed claim', async () => tampered({ partner: 'ptr_0198c0de0000700080000000000000ff' })],
    ['the type of an id token', async () => forged({ header: { typ: 'JWT' } })],
    ['no type', async () => forged({ header: { typ: undefined } })],
    ['another audience', async () => forged({ claims: { aud: `${ORIGIN}/customer/graphql` } })],
    ['another issuer', async () => forged({ claims: { iss: 'https://evil.example' } })],
    ['an end in the past', async () => forged({ claims: { exp: epoch() - 1 } })],
    ['no end', async () => forged({ claims: { exp: undefined } })],
    ['no binding', async () => forged({ claims: { cnf: undefined } })],
    ['a partner that is none', async () => forged({ claims: { partner: 'x' } })],
    ['the form of a client assertion', async () => assertion(client)],
    ['no form at all', async () => 'a.b.c'],
    ['9 kilobytes', async () => `${'a'.repeat(9000)}.b.c`],
  ])('refuses a token with %s', async (_, make) => {
    const bad = await make()
    await refused(await credentials(client, bad), 'invalid_token')
  })

  it('takes what the authorization server signs, made by the same hand as the forgeries above', async () => {
    const good = await forged({})
    expect((await askPartnerGraph(gateway, await credentials(client, good))).status).toBe(200)
  })

  it('refuses a bound token as Bearer, with a proof and without', async () => {
    const { dpop } = await credentials(client, token)
    await refused({ authorization: `Bearer ${token}`, dpop: dpop ?? '' }, 'invalid_token')
    await refused({ authorization: `Bearer ${token}` }, 'invalid_token')
  })

  it.each<[string, () => Promise<ProofOverrides>]>([
    ['of another key', async () => ({ keys: await keyPair() })],
    ['for another token', async () => ({ token: `${token}x` })],
    ['for no token', async () => ({ claims: { ath: undefined } })],
    ['for another method', async () => ({ method: 'GET' })],
    ['for another address', async () => ({ address: `${ORIGIN}/oauth/token` })],
    ['for the loopback address', async () => ({ address: `http://127.0.0.1:${gateway.port}/graphql` })],
    ['for the same address on http', async () => ({ address: `${ORIGIN.replace('https', 'http')}/graphql` })],
    ['for no address', async () => ({ claims: { htu: 'graphql' } })],
    ['90 s old', async () => ({ claims: { iat: epoch() - 90 } })],
    ['60 s ahead', async () => ({ claims: { iat: epoch() + 60 } })],
    ['of no time', async () => ({ claims: { iat: undefined } })],
    ['of a time that is text', async () => ({ claims: { iat: `${epoch()}` } })],
    ['without a jti', async () => ({ claims: { jti: undefined } })],
    ['with an endless jti', async () => ({ claims: { jti: 'x'.repeat(300) } })],
    ['of another type', async () => ({ header: { typ: 'JWT' } })],
    ['with a private key', async () => ({ header: { jwk: { ...client.proofKeys.publicJwk, d: 'AAAA' } } })],
    ['with a shared secret as key', async () => ({ header: { jwk: { kty: 'oct', k: 'AAAA' } } })],
    ['without a key', async () => ({ header: { jwk: undefined } })],
    ['with a list as key', async () => ({ header: { jwk: [] } })],
    ['with an unknown extension', async () => ({ header: { crit: ['x'], x: 1 } })],
  ])('refuses a proof %s', async (_, overrides) => {
    await refused(await badCredentials(await overrides()), 'invalid_dpop_proof')
  })

  it.each([
    ['rubbish', 'a.b.c'],
    ['JSON', '{"a":1}'],
    ['9 kilobytes', 'a'.repeat(9000)],
  ])('refuses %s in the place of a proof', async (_, dpop) => {
    await refused({ authorization: `DPoP ${token}`, dpop }, 'invalid_dpop_proof')
  })

  it('refuses a token without a proof, and with two', async () => {
    await refused({ authorization: `DPoP ${token}` }, 'invalid_dpop_proof')
    const both = await Promise.all([credentials(client, token), credentials(client, token)])
    await refused(
      { authorization: `DPoP ${token}`, dpop: both.map(({ dpop }) => dpop).join(', ') },
      'invalid_dpop_proof',
    )
  })

  it('takes a proof 10 s ahead and 50 s old, and one whose address has a query', async () => {
    for (const overrides of [
      { claims: { iat: epoch() + 10 } },
      { claims: { iat: epoch() - 50 } },
      { address: `${ORIGIN}/graphql?a=b#c` },
    ]) {
      expect((await askPartnerGraph(gateway, await credentials(client, token, overrides))).status).toBe(200)
    }
  })

  it.each([{ 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example;proto=http' }])(
    'judges htu by the configured origin, whatever the request says: %o',
    async (spoof) => {
      const own = await credentials(client, token)
      expect((await askPartnerGraph(gateway, { ...own, ...spoof })).status).toBe(200)
      const foreign = await credentials(client, token, { address: 'https://evil.example/graphql' })
      await refused({ ...foreign, ...spoof }, 'invalid_dpop_proof')
    },
  )

  it('lets one proof in once, of 20 sent at once to two processes', async () => {
    const headers = await credentials(client, token)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => askPartnerGraph(index % 2 ? gateway : second, headers)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 401)])
  })

  it('does not take a jti for used when another key used it', async () => {
    const other = await registerClient(gateway.context)
    const otherToken = await accessToken(gateway, other)
    const jti = randomUUID()
    for (const [who, what] of [
      [client, token],
      [other, otherToken],
    ] as const) {
      expect((await askPartnerGraph(gateway, await credentials(who, what, { claims: { jti } }))).status).toBe(200)
    }
  })

  it('lets many different proofs in at once', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => credentials(client, token)))
    const answers = await Promise.all(
      all.map((headers, index) => askPartnerGraph(index % 2 ? gateway : second, headers)),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('refuses the next request of a partner that was suspended, though its token is still good', async () => {
    const other = await registerClient(gateway.context)
    await goLive(gateway.context, { partner: other.partner })
    const still = await accessToken(gateway, other)
    expect((await askPartnerGraph(gateway, await credentials(other, still))).status).toBe(200)
    await changePartnerStatus(gateway.context, { partner: other.partner, status: 'SUSPENDED', reason: 'incident' })
    for (const each of [gateway, second]) {
      const answer = await askPartnerGraph(each, await credentials(other, still))
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    }
  })
})

async function badCredentials(overrides: ProofOverrides): Promise<Record<string, string>> {
  const dpop = await proof(client, { address: `${ORIGIN}/graphql`, token, ...overrides }).catch(() =>
    unsignedProof(overrides),
  )
  return { authorization: `DPoP ${token}`, dpop }
}

/** What jose refuses to sign, with a signature that is none. */
function unsignedProof({ header }: ProofOverrides): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const base = { typ: 'dpop+jwt', alg: 'ES256', jwk: client.proofKeys.publicJwk }
  return `${encode({ ...base, ...header })}.${encode({ jti: 'x', iat: epoch() })}.AAAA`
}

async function refused(headers: Record<string, string>, error: string): Promise<void> {
  const answer = await askPartnerGraph(gateway, headers)
  const challenge = answer.headers.get('www-authenticate')
  expect({ status: answer.status, challenge }).toEqual({
    status: 401,
    challenge: expect.stringContaining(`error="${error}"`),
  })
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
}

type Forgery = {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly keys?: Awaited<ReturnType<typeof keyPair>>
}

async function goodClaims(): Promise<Record<string, unknown>> {
  return {
    iss: `${ORIGIN}/oauth`,
    aud: `${ORIGIN}/graphql`,
    sub: client.id,
    client_id: client.id,
    partner: client.partner,
    scope: 'customers:read',
    jti: randomUUID(),
    iat: epoch(),
    exp: epoch() + 100,
    cnf: { jkt: await thumbprint(client.proofKeys) },
  }
}

/** An access token signed with the server's own key, with one thing wrong with it. */
async function forged({ header, claims, keys }: Forgery): Promise<string> {
  const { current } = await signingKeys(gateway.context, 'oauth')
  const key = keys?.privateKey ?? (await importJWK(current.privateJwk, 'ES256'))
  return new SignJWT({ ...(await goodClaims()), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: current.kid, ...header })
    .sign(key)
}

async function unsigned(header: object): Promise<string> {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  return `${encode(header)}.${encode(await goodClaims())}.AAAA`
}

async function hmacWithPublicKey(): Promise<string> {
  const { current, published } = await signingKeys(gateway.context, 'oauth')
  const key = await importJWK(published[0] ?? {}, 'ES256')
  if (key instanceof Uint8Array) throw new Error('a public key is no secret')
  const [head, body] = (await unsigned({ alg: 'HS256', typ: 'at+jwt', kid: current.kid })).split('.')
  const mac = createHmac('sha256', await exportSPKI(key))
    .update(`${head}.${body}`)
    .digest('base64url')
  return `${head}.${body}.${mac}`
}

async function tampered(claims: object): Promise<string> {
  const [head, , signature] = token.split('.')
  const body = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url')
  return `${head}.${body}.${signature}`
}
