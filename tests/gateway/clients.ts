import { hash, randomUUID } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import type { TokenBinding } from '../../partners/client.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import type { Partner, PartnerKind } from '../../partners/partner.ts'
import { type Door, ORIGIN } from './gateway.ts'

export type KeyPair = { readonly privateKey: CryptoKey; readonly publicJwk: JWK; readonly alg: 'ES256' | 'PS256' }

/** A registered client, and the keys with which it signs assertions and proofs. */
export type TestClient = {
  readonly id: string
  readonly partner: string
  readonly keys: KeyPair
  readonly proofKeys: KeyPair
}

export async function keyPair(alg: KeyPair['alg'] = 'ES256'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, publicJwk: await exportJWK(publicKey), alg }
}

let made = 0

/** Registers a client, of a new partner in the sandbox unless told otherwise. */
export async function registerClient(
  context: Context,
  {
    scopes = ['customers:read'],
    kind = 'BANK',
    alg = 'ES256',
    redirectUris = [],
    binding = 'DPOP',
    of,
  }: {
    readonly scopes?: Scope[]
    readonly kind?: PartnerKind
    readonly alg?: KeyPair['alg']
    readonly redirectUris?: string[]
    readonly binding?: TokenBinding
    /** Code of a partner that is there; a new one otherwise. */
    readonly of?: string
  } = {},
): Promise<TestClient> {
  const [keys, proofKeys] = [await keyPair(alg), await keyPair(alg)]
  const partner = of === undefined ? await newPartner(context, kind) : await knownPartner(context, of)
  const jwks = { keys: [{ ...keys.publicJwk, kid: 'a' }] }
  const given = { partner: partner.id, name: 'Portal', jwks, scopes, redirectUris, binding }
  const { id } = await createClient(context, given)
  return { id, partner: partner.id, keys, proofKeys }
}

async function newPartner(context: Context, kind: PartnerKind): Promise<Partner> {
  const code = `bank-${++made}-${randomUUID().slice(0, 8)}`
  return createPartner(context, { code, name: 'Harbour Bank', kind })
}

async function knownPartner(context: Context, code: string): Promise<Partner> {
  const found = await findPartner(context, code)
  if (found === undefined) throw new Error(`there is no partner ${code}`)
  return found
}

export type Overrides = {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly keys?: KeyPair
}

/** Seconds since the epoch. */
export function epoch(): number {
  return Math.floor(Date.now() / 1000)
}

/** A client assertion (RFC 7523), with whatever is wrong with it. */
export async function assertion(
  client: TestClient,
  { header, claims, keys = client.keys }: Overrides = {},
): Promise<string> {
  const base = {
    iss: client.id,
    sub: client.id,
    aud: `${ORIGIN}/oauth`,
    jti: randomUUID(),
    exp: epoch() + 60,
    iat: epoch(),
  }
  return new SignJWT({ ...base, ...claims })
    .setProtectedHeader({ alg: keys.alg, kid: 'a', ...header })
    .sign(keys.privateKey)
}

export type ProofOverrides = Overrides & {
  readonly method?: string
  readonly address?: string
  readonly token?: string
}

/** A DPoP proof (RFC 9449), with whatever is wrong with it. */
export async function proof(client: TestClient, overrides: ProofOverrides = {}): Promise<string> {
  const {
    header,
    claims,
    keys = client.proofKeys,
    method = 'POST',
    address = `${ORIGIN}/oauth/token`,
    token,
  } = overrides
  const ath = token === undefined ? {} : { ath: hash('sha256', token, 'base64url') }
  return new SignJWT({ htm: method, htu: address, jti: randomUUID(), iat: epoch(), ...ath, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: keys.alg, jwk: keys.publicJwk, ...header })
    .sign(keys.privateKey)
}

/** Asks for a token with these credentials. */
export async function requestToken(
  gateway: Door,
  given: { readonly assertion: string; readonly proof?: string; readonly form?: Readonly<Record<string, string>> },
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: given.assertion,
    ...given.form,
  }
  return gateway.fetch('/oauth/token', {
    method: 'POST',
    headers: { ...(given.proof === undefined ? {} : { dpop: given.proof }), ...headers },
    body: new URLSearchParams(form),
  })
}

/** A good access token. */
export async function accessToken(gateway: Door, client: TestClient): Promise<string> {
  const response = await requestToken(gateway, { assertion: await assertion(client), proof: await proof(client) })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

/** Headers of a good request to the partner graph. */
export async function credentials(
  client: TestClient,
  token: string,
  overrides: ProofOverrides = {},
): Promise<Record<string, string>> {
  const dpop = await proof(client, { address: `${ORIGIN}/graphql`, token, ...overrides })
  return { authorization: `DPoP ${token}`, dpop }
}

/** Asks the partner graph, with good credentials unless told otherwise. */
export async function askPartnerGraph(
  gateway: Door,
  headers: Readonly<Record<string, string>>,
  body: unknown = { query: '{ caller }' },
): Promise<Response> {
  return gateway.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Thumbprint of a public key. */
export async function thumbprint({ publicJwk }: KeyPair): Promise<string> {
  return calculateJwkThumbprint(publicJwk)
}
