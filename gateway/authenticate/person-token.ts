import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { Clock } from '../../kernel/clock.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import type { IdentityIssuer } from '../settings.ts'
import { ExpiringCache } from './expiring-cache.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** Reads a person's token that is meant for this audience. */
export type PersonTokenReader = (text: string, audience: string) => Promise<JWTPayload>

const ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA']
const MOST_TOKENS = 10_000
const LONGEST_TOKEN = 8192
/** How far the identity provider's clock may differ from ours. */
const CLOCK_TOLERANCE_SECONDS = 15
const KEYS_TIMEOUT_MS = 5000

/**
 * Reads tokens of the identity providers that we trust: asymmetric algorithms alone, the very issuer, our audience,
 * unexpired, with a subject. Throws `UNAUTHENTICATED`, and `IDENTITY_UNAVAILABLE` when the provider's keys cannot be had.
 */
export function personTokenReader(clock: Clock, issuers: readonly IdentityIssuer[]): PersonTokenReader {
  const keySets = new Map(issuers.map((issuer) => [issuer.issuer, keySetOf(issuer)]))
  const known = new ExpiringCache<JWTPayload>(MOST_TOKENS)
  return async (text, audience) => {
    const issuer = text.length > LONGEST_TOKEN ? undefined : issuerOf(text)
    const keySet = keySets.get(issuer ?? '')
    if (issuer === undefined || keySet === undefined) throw refuse('the token is of no identity provider that we trust')
    const now = clock.now()
    const hash = sha256Hex(`${audience} ${text}`)
    const kept = known.get(hash, now)
    if (kept) return kept
    const claims = await verify(text, { issuer, audience, keySet, now })
    known.set(hash, claims, new Date((claims.exp ?? 0) * 1000))
    return claims
  }
}

function keySetOf({ jwks }: IdentityIssuer): JWTVerifyGetKey {
  if ('keys' in jwks) return createLocalJWKSet({ keys: [...jwks.keys] })
  const url = URL.parse(jwks.url)
  if (url?.protocol !== 'https:')
    throw new Fault('CONFIG_INVALID', 'the keys of the identity provider are at an https address')
  return createRemoteJWKSet(url, { timeoutDuration: KEYS_TIMEOUT_MS })
}

/** The issuer that the token names; whether it speaks the truth is for its keys to say. */
function issuerOf(text: string): string | undefined {
  try {
    return decodeJwt(text).iss
  } catch {
    return undefined
  }
}

async function verify(
  text: string,
  expected: {
    readonly issuer: string
    readonly audience: string
    readonly keySet: JWTVerifyGetKey
    readonly now: Date
  },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(text, expected.keySet, {
      algorithms: ALGORITHMS,
      issuer: expected.issuer,
      audience: expected.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: expected.now,
    })
    return payload
  } catch (error) {
    throw translate(error)
  }
}

function translate(error: unknown): Fault {
  if (error instanceof errors.JWTExpired) return refuse('the token has expired')
  if (isAboutFetching(error)) {
    return new Fault('IDENTITY_UNAVAILABLE', 'the identity provider does not give its keys', { cause: error })
  }
  return refuse('the token is not good for this address')
}

/** A failed fetch is a TypeError, an answer that is not 200 a bare JOSEError. */
function isAboutFetching(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC'
  return error instanceof TypeError && error.message === 'fetch failed'
}

function refuse(message: string): Unauthenticated {
  return new Unauthenticated(message, { scheme: 'Bearer', error: 'invalid_token' })
}
