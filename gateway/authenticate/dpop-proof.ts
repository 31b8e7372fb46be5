import { hash } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import { ExpiringCache } from './expiring-cache.ts'
import { isFreshProof } from './proof-window.ts'

/** What a proof must prove. */
export type ProofExpectation = {
  readonly method: string
  /** The address as the world sees it, without query. */
  readonly address: string
  readonly accessToken: string
  /** Thumbprint of the key that the token is bound to. */
  readonly jkt: string
  readonly now: Date
}

/** A proof that holds, by its `jti`; or why it does not. */
export type CheckedProof = { readonly jti: string } | { readonly refused: string }

const ALGORITHMS: readonly string[] = ['ES256', 'PS256']
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const
const LONGEST_PROOF = 4096
const LONGEST_JTI = 256
const MOST_KEYS = 5000
const KEY_KEPT_MS = 3_600_000

/**
 * Checks DPoP proofs at a protected resource, all but replay (RFC 9449 §4.3). The checker keeps imported keys by their
 * thumbprint; the signature is verified for each proof.
 */
export function proofChecker(): (proof: string, expected: ProofExpectation) => Promise<CheckedProof> {
  const keys = new ExpiringCache<CryptoKey | Uint8Array>(MOST_KEYS)
  return async (proof, expected) => {
    const header = headerOf(proof)
    if (header === undefined) return refuse('it is not a JWT')
    const { typ, alg, jwk } = header
    if (typ !== 'dpop+jwt') return refuse('its typ is dpop+jwt')
    if (alg === undefined || !ALGORITHMS.includes(alg)) return refuse('its alg is ES256 or PS256')
    if (typeof jwk !== 'object' || jwk === null) return refuse('its header has the public key')
    if (PRIVATE_MEMBERS.some((member) => member in jwk)) return refuse('its header has a private key: replace that key')
    const thumbprint = await thumbprintOf(jwk)
    if (thumbprint !== expected.jkt) return refuse('its key is not the one that the token is bound to')
    const key = keys.get(`${alg} ${thumbprint}`, expected.now) ?? (await keyOf(jwk, alg))
    if (key === undefined) return refuse('its key does not go with its alg')
    keys.set(`${alg} ${thumbprint}`, key, new Date(expected.now.getTime() + KEY_KEPT_MS))
    const claims = await claimsOf(proof, key, alg)
    return claims === undefined ? refuse('its signature does not hold') : checkClaims(claims, expected)
  }
}

function refuse(reason: string): { readonly refused: string } {
  return { refused: `the DPoP proof does not hold: ${reason}` }
}

function headerOf(proof: string): { readonly typ?: string; readonly alg?: string; readonly jwk?: JWK } | undefined {
  if (proof.length > LONGEST_PROOF) return undefined
  try {
    const { typ, alg, jwk } = decodeProtectedHeader(proof)
    return { ...(typ && { typ }), ...(alg && { alg }), ...(jwk && { jwk }) }
  } catch {
    return undefined
  }
}

async function thumbprintOf(jwk: JWK): Promise<string | undefined> {
  return calculateJwkThumbprint(jwk).catch(() => undefined)
}

async function keyOf(jwk: JWK, alg: string): Promise<CryptoKey | Uint8Array | undefined> {
  // only what makes the key: `use`, `key_ops` and the like are not the sender's to say
  const { kty, crv, x, y, n, e } = jwk
  const bare = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e }
  return importJWK(bare as JWK, alg).catch(() => undefined)
}

async function claimsOf(
  proof: string,
  key: CryptoKey | Uint8Array,
  alg: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { payload } = await compactVerify(proof, key, { algorithms: [alg] })
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined
  }
}

function checkClaims(
  { htm, htu, iat, ath, jti }: Readonly<Record<string, unknown>>,
  expected: ProofExpectation,
): CheckedProof {
  if (htm !== expected.method) return refuse(`its htm is ${expected.method}`)
  if (typeof htu !== 'string' || addressOf(htu) !== expected.address) return refuse(`its htu is ${expected.address}`)
  if (typeof iat !== 'number' || !isFreshProof(iat, expected.now)) {
    return refuse('its iat is too long ago, or in the future')
  }
  if (ath !== hash('sha256', expected.accessToken, 'base64url'))
    return refuse('its ath is the hash of the access token')
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > LONGEST_JTI) {
    return refuse(`its jti has 1 to ${LONGEST_JTI} characters`)
  }
  return { jti }
}

/** An address in its normal form, without query and fragment (RFC 9449 §4.3). */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url ? `${url.origin}${url.pathname}` : undefined
}
