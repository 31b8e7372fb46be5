import { createLocalJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { SCOPES, type Scope } from '../../kernel/caller.ts'
import type { Clock } from '../../kernel/clock.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import type { KeyWatch } from '../keys/watch-keys.ts'
import type { Addresses } from '../settings.ts'
import { ExpiringCache } from './expiring-cache.ts'

/** What a good access token says. */
export type AccessToken = {
  readonly client: Id<'cli'>
  readonly partner: Id<'ptr'>
  readonly scopes: ReadonlySet<Scope>
  readonly binding: TokenBinding
  readonly claims: JWTPayload
}

/** What a token is bound to: a key, by its thumbprint (RFC 7638), or a certificate, by its own (RFC 8705 §3.1). */
export type TokenBinding = { readonly jkt: string } | { readonly certificate: string }

/** A good token, or why it is none. */
export type ReadToken = { readonly token: AccessToken } | { readonly refused: string }

/** Reads the text of an access token. */
export type TokenReader = (text: string) => Promise<ReadToken>

const MOST_TOKENS = 10_000
const LONGEST_TOKEN = 4096
const NOT_OURS = 'the access token is not one of ours for this address'

/**
 * Reads access tokens of our authorization server for the partner graph (RFC 9068): ES256 alone, `at+jwt`, our issuer and
 * audience, unexpired, bound to a key or a certificate. A verdict is kept by the token's hash until it expires; what the partner may do is
 * never kept.
 */
export function tokenReader(
  clock: Clock,
  { addresses, keys }: { readonly addresses: Addresses; readonly keys: KeyWatch },
): TokenReader {
  const keySet: JWTVerifyGetKey = async (header, token) => {
    const { published } = await keys.keysWith(header.kid)
    return createLocalJWKSet({ keys: [...published] })(header, token)
  }
  const known = new ExpiringCache<AccessToken>(MOST_TOKENS)
  return async (text) => {
    if (text.length > LONGEST_TOKEN) return { refused: NOT_OURS }
    const hash = sha256Hex(text)
    const now = clock.now()
    const kept = known.get(hash, now)
    if (kept) return { token: kept }
    const read = await verify(text, { keySet, addresses, now })
    if ('token' in read) known.set(hash, read.token, new Date((read.token.claims.exp ?? 0) * 1000))
    return read
  }
}

async function verify(
  text: string,
  against: {
    readonly keySet: JWTVerifyGetKey
    readonly addresses: Addresses
    readonly now: Date
  },
): Promise<ReadToken> {
  try {
    const { payload } = await jwtVerify(text, against.keySet, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: against.addresses.authorizationServer,
      audience: against.addresses.partnerGraph,
      requiredClaims: ['exp', 'iat', 'client_id', 'partner', 'cnf'],
      currentDate: against.now,
    })
    const token = tokenOf(payload)
    return token ? { token } : { refused: NOT_OURS }
  } catch (error) {
    return { refused: error instanceof errors.JWTExpired ? 'the access token has expired' : NOT_OURS }
  }
}

function tokenOf(claims: JWTPayload): AccessToken | undefined {
  const { client_id: client, partner, scope, cnf } = claims
  if (typeof client !== 'string' || !isId('cli', client)) return undefined
  if (typeof partner !== 'string' || !isId('ptr', partner)) return undefined
  const binding = bindingOf(cnf)
  if (binding === undefined) return undefined
  const granted = typeof scope === 'string' ? scope.split(' ') : []
  const scopes = new Set(SCOPES.filter((known) => granted.includes(known)))
  return { client, partner, scopes, binding, claims }
}

/** Exactly one of the two that there are. */
function bindingOf(cnf: unknown): TokenBinding | undefined {
  if (typeof cnf !== 'object' || cnf === null) return undefined
  const { jkt, 'x5t#S256': certificate } = cnf as { readonly jkt?: unknown; readonly 'x5t#S256'?: unknown }
  if (typeof jkt === 'string' && certificate === undefined) return { jkt }
  return typeof certificate === 'string' && jkt === undefined ? { certificate } : undefined
}
