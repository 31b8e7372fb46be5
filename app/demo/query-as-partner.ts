import { type CryptoKey, importJWK, type JWK } from 'jose'
import * as openid from 'openid-client'
import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'

const keyFile = z.object({ clientId: z.string(), jwk: z.record(z.string(), z.unknown()) })

/**
 * Asks the partner graph as a partner's engineer would: a token by `client_credentials` with `private_key_jwt`, bound by
 * DPoP, then the query. `key` is the content of a key file. Throws `UNAUTHENTICATED` when there is no token to be had.
 */
export async function queryAsPartner(origin: string, key: unknown, query: string): Promise<unknown> {
  const { clientId, jwk } = keyFile.parse(key)
  const client = await discover(origin, clientId, await privateKey(jwk))
  const proof = openid.getDPoPHandle(client, await openid.randomDPoPKeyPair('ES256'))
  const token = await openid
    .clientCredentialsGrant(client, { resource: `${origin}/graphql` }, { DPoP: proof })
    .catch((cause: unknown) => {
      throw new Fault('UNAUTHENTICATED', `${origin} gave no token to ${clientId}`, { cause })
    })
  const headers = new Headers({ 'content-type': 'application/json' })
  const body = JSON.stringify({ query })
  const address = new URL(`${origin}/graphql`)
  const answer = await openid.fetchProtectedResource(client, token.access_token, address, 'POST', body, headers, {
    DPoP: proof,
  })
  return answer.json()
}

async function discover(
  origin: string,
  clientId: string,
  key: { key: CryptoKey; kid: string },
): Promise<openid.Configuration> {
  const options = origin.startsWith('http:') ? { execute: [openid.allowInsecureRequests] } : {}
  return openid.discovery(new URL(`${origin}/oauth`), clientId, undefined, openid.PrivateKeyJwt(key), options)
}

/** An asymmetric JWK is always imported as a key object, never as bytes. */
async function privateKey(jwk: JWK): Promise<{ key: CryptoKey; kid: string }> {
  const key = await importJWK(jwk, 'ES256')
  if (key instanceof Uint8Array) throw new Fault('INVALID_INPUT', 'the key file holds no private key')
  return { key, kid: String(jwk.kid) }
}
