import type { IncomingMessage } from 'node:http'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Addresses } from '../settings.ts'
import type { AccessToken, TokenReader } from './access-token.ts'
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
  readonly requestId: string
}

/** What a request to an address says of who calls. */
export function credentialsOf(
  { method, headers: { authorization, dpop } }: IncomingMessage,
  address: string,
  requestId: string,
): Credentials {
  const proof = typeof dpop === 'string' ? dpop : undefined
  return { method: method ?? '', address, authorization, proof, requestId }
}

/** Tells which partner's client calls. */
export type AuthenticatePartner = (credentials: Credentials) => Promise<PartnerCaller>

/**
 * Callers of the partners' doors: an access token of ours for the partner graph and a DPoP proof of the key that it is bound
 * to (RFC 9449 §7), used once. Throws `UNAUTHENTICATED` with a challenge, and `FORBIDDEN` when the partner's tokens are no good any more.
 * The caller has those of the token's scopes that the partner may use now.
 */
export function partnerAuthenticator(
  context: Context,
  { addresses, readToken }: { readonly addresses: Addresses; readonly readToken: TokenReader },
): AuthenticatePartner {
  const check = proofChecker()
  const register = proofRegister(context)
  const refuse = (message: string, error?: ChallengeError): never => {
    throw new Unauthenticated(message, {
      scheme: 'DPoP',
      metadata: addresses.partnerGraphMetadata,
      ...(error && { error }),
    })
  }
  return async ({ method, address, authorization, proof, requestId }) => {
    const text = tokenText(authorization) ?? refuse('this address takes an access token with a DPoP proof')
    if (/^Bearer /i.test(authorization ?? ''))
      refuse('the token is bound: send it with the scheme DPoP', 'invalid_token')
    const read = await readToken(text)
    if ('refused' in read) return refuse(read.refused, 'invalid_token')
    const { token } = read
    const expected = {
      method,
      address,
      accessToken: text,
      jkt: token.jkt,
      now: context.clock.now(),
    }
    const checked = await check(proof ?? refuse('the DPoP proof is missing', 'invalid_dpop_proof'), expected)
    if ('refused' in checked) return refuse(checked.refused, 'invalid_dpop_proof')
    const { fresh, tokens, said, otherwise } = await register({
      proof: proofKey(token, checked.jti),
      partner: token.partner,
    })
    if (!fresh) refuse('the DPoP proof was used before', 'invalid_dpop_proof')
    if (!tokens) throw new Fault('FORBIDDEN', 'the partner may not use its tokens in its present status')
    const { partner, client } = token
    const scopes = new Set([...token.scopes].filter((scope) => (said?.[scope] ?? otherwise) === 'ACTIVE'))
    return { kind: 'partner', partner, client, scopes, requestId }
  }
}

function tokenText(authorization = ''): string | undefined {
  return /^(?:DPoP|Bearer) +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1]
}

/** A `jti` is unique within its key only. The thumbprint has a fixed length, so the two do not run together. */
function proofKey({ jkt }: AccessToken, jti: string): string {
  return sha256Hex(`${jkt} ${jti}`)
}
