import type { IncomingMessage } from 'node:http'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller, Scope } from '../../kernel/caller.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { allowedScopes } from '../../partners/capabilities/allowed-scopes.ts'
import { observe } from '../../partners/conformance/observe.ts'
import type { TrafficMeter } from '../limits/traffic-meter.ts'
import type { Addresses } from '../settings.ts'
import { takesCertificate } from '../store/client-duties.ts'
import type { TokenReader } from './access-token.ts'
import { certificateOf, thumbprintOf } from './client-certificate.ts'
import { proofChecker } from './dpop-proof.ts'
import { proofRegister } from './proof-register.ts'
import { type ChallengeError, Unauthenticated } from './unauthenticated.ts'

/** What of a request says who calls. */
export type Credentials = {
  readonly method: string
  /** The address that was asked, as the world sees it: a proof is for one address. */
  readonly address: string
  readonly authorization: string | undefined
  readonly proof: string | undefined
  /** Thumbprint of the certificate with which the client connected, where a proxy of ours says so. */
  readonly certificate: string | undefined
  readonly requestId: string
}

/** What a request to an address says of who calls. */
export function credentialsOf(request: IncomingMessage, address: string, requestId: string): Credentials {
  const { method = '', headers } = request
  const { authorization, dpop } = headers
  const held = certificateOf(request)
  return {
    method,
    address,
    authorization,
    proof: typeof dpop === 'string' ? dpop : undefined,
    certificate: held && thumbprintOf(held),
    requestId,
  }
}

/** Tells which partner's client calls. */
export type AuthenticatePartner = (credentials: Credentials) => Promise<PartnerCaller>

/** Says what is wrong with credentials. */
type Refuse = (message: string, error?: ChallengeError) => never

/**
 * Callers of the partners' doors: an access token of ours for the partner graph, and what it is bound to: a DPoP proof of its
 * key, used once (RFC 9449 §7), or the certificate of the connection (RFC 8705 §3). Throws `UNAUTHENTICATED` with a
 * challenge, and `FORBIDDEN` when the client's tokens are no good any more.
 * The caller has those of the token's scopes that the partner may use now.
 */
export function partnerAuthenticator(
  context: Context,
  {
    addresses,
    readToken,
    traffic,
  }: {
    readonly addresses: Addresses
    readonly readToken: TokenReader
    /** Is told of replays. */
    readonly traffic?: Pick<TrafficMeter, 'replayed'> | undefined
  },
): AuthenticatePartner {
  const proveKey = keyProver(context, traffic)
  const metadata = addresses.partnerGraphMetadata
  const refuse: Refuse = (message, error) => {
    throw new Unauthenticated(message, { scheme: 'DPoP', metadata, ...(error && { error }) })
  }
  return async (credentials) => {
    const { scheme, text } = tokenIn(credentials.authorization) ?? refuse('this address takes a bound access token')
    const read = await readToken(text)
    if ('refused' in read) return refuse(read.refused, 'invalid_token')
    const { partner, client, scopes, binding } = read.token
    const token = { text, scheme, partner, client, scopes }
    const allowed =
      'jkt' in binding
        ? await proveKey(credentials, { ...token, jkt: binding.jkt }, refuse)
        : await proveCertificate(context, credentials, { ...token, bound: binding.certificate }, metadata)
    if (!allowed) throw new Fault('FORBIDDEN', 'the client may not use its tokens in its present status')
    return { kind: 'partner', partner, client, scopes: new Set(allowed), requestId: credentials.requestId }
  }
}

type Presented = Pick<PartnerCaller, 'partner' | 'client' | 'scopes'> & {
  readonly text: string
  readonly scheme: 'dpop' | 'bearer'
}

function tokenIn(authorization = ''): Pick<Presented, 'text' | 'scheme'> | undefined {
  const [, scheme, text] = /^(DPoP|Bearer) +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization) ?? []
  if (text === undefined) return undefined
  return { text, scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer' }
}

/** Checks proofs of the key that a token is bound to; tells the scopes that it has now, where the client's tokens are good. */
function keyProver(context: Context, traffic: Pick<TrafficMeter, 'replayed'> | undefined) {
  const check = proofChecker()
  const register = proofRegister(context)
  return async (
    { method, address, proof }: Credentials,
    { text, scheme, partner, client, scopes, jkt }: Presented & { readonly jkt: string },
    refuse: Refuse,
  ): Promise<readonly Scope[] | undefined> => {
    if (scheme !== 'dpop') refuse('the token is bound to a key: send it with the scheme DPoP', 'invalid_token')
    const expected = { method, address, accessToken: text, jkt, now: context.clock.now() }
    const checked = await check(proof ?? refuse('the DPoP proof is missing', 'invalid_dpop_proof'), expected)
    if ('refused' in checked) return refuse(checked.refused, 'invalid_dpop_proof')
    const { fresh, tokens, said, otherwise } = await register({ proof: proofKey(jkt, checked.jti), client })
    if (!fresh) {
      traffic?.replayed(partner)
      await observe(context, partner, [{ what: 'REPLAY_REFUSED', about: client, detail: 'a DPoP proof' }])
      refuse('the DPoP proof was used before', 'invalid_dpop_proof')
    }
    return tokens ? [...scopes].filter((scope) => (said?.[scope] ?? otherwise) === 'ACTIVE') : undefined
  }
}

/** Compares the certificate of the connection; tells the scopes that the token has now, where the client's tokens are good. */
async function proveCertificate(
  context: Context,
  { certificate }: Credentials,
  { scheme, partner, client, scopes, bound }: Presented & { readonly bound: string },
  metadata: string,
): Promise<readonly Scope[] | undefined> {
  if (scheme === 'bearer' && certificate === bound) {
    const good = await takesCertificate(context.database.reads, client)
    return good ? allowedScopes(context, { partner, scopes: [...scopes] }) : undefined
  }
  const message =
    scheme === 'bearer'
      ? 'the token is bound to another certificate than that of the connection'
      : 'the token is bound to a certificate: send it with the scheme Bearer'
  throw new Unauthenticated(message, { scheme: 'Bearer', metadata, error: 'invalid_token' })
}

/** A `jti` is unique within its key only. The thumbprint has a fixed length, so the two do not run together. */
function proofKey(jkt: string, jti: string): string {
  return sha256Hex(`${jkt} ${jti}`)
}
