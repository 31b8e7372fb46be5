import { decodeJwt } from 'jose'
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import { isFreshProof } from '../authenticate/proof-window.ts'
import type { Addresses } from '../settings.ts'
import { standingOf } from './client-metadata.ts'

/** Life of an access token: it cannot be revoked, so it is short. */
export const TOKEN_LIFE_SECONDS = 300
/** Longest life of a client assertion (PITFALLS, oidc-provider 8). */
const ASSERTION_LIFE_SECONDS = 300
/** How far clocks may differ. */
export const CLOCK_TOLERANCE_SECONDS = 15

/** What a client asks with, once its assertion's signature held. */
export type AssertionClaims = { readonly aud?: unknown; readonly exp?: unknown }

/**
 * What the library leaves open in a client's request: the assertion is for this issuer alone (FAPI 2.0 §5.3.2.1) and lives
 * at most five minutes; the proof is as fresh as at our APIs, where the library allows five minutes.
 */
export function assertRequest({ clock }: Context, ctx: KoaContextWithOIDC, { aud, exp }: AssertionClaims): void {
  if (aud !== ctx.oidc.issuer) throw badAssertion(`the assertion's aud is ${ctx.oidc.issuer}, as one text`)
  const latest = clock.now().getTime() / 1000 + ASSERTION_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS
  if (typeof exp !== 'number' || exp > latest) {
    throw badAssertion(`an assertion lives at most ${ASSERTION_LIFE_SECONDS} seconds`)
  }
  const iat = proofTime(ctx.get('DPoP'))
  if (iat !== undefined && !isFreshProof(iat, clock.now())) {
    throw new errors.InvalidDpopProof('the DPoP proof was made too long ago, or in the future')
  }
}

function badAssertion(sentence: string): Error {
  return Object.assign(new errors.InvalidClientAuth(sentence), { error_description: sentence })
}

/** When a proof says it was made; the library verifies and refuses the rest. */
function proofTime(proof: string): number | undefined {
  try {
    return decodeJwt(proof).iat
  } catch {
    return undefined
  }
}

/**
 * What the client may be given at the resource that it names. Without scopes in the request it is given all that it has.
 * Refuses another resource, a scope that the client does not have, and a partner that may have no tokens.
 */
export function resourceServer(addresses: Addresses, ctx: KoaContextWithOIDC, resource: string): ResourceServer {
  if (resource !== addresses.partnerGraph) throw new errors.InvalidTarget()
  const client = ctx.oidc.client
  if (client === undefined) throw new errors.InvalidTarget()
  const { scopes, tokens } = standingOf(client)
  if (!tokens) throw new errors.UnauthorizedClient('the partner may not be given tokens in its present status')
  const params = parametersOf(ctx)
  const foreign = params.scope?.split(' ').find((scope) => !scopes.some((own) => own === scope))
  if (foreign !== undefined) throw new errors.InvalidScope('the client does not have this scope', foreign)
  params.scope ??= scopes.join(' ')
  return {
    scope: scopes.join(' '),
    audience: resource,
    accessTokenTTL: TOKEN_LIFE_SECONDS,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  }
}

/** Safe because the library has refused a scope that is given twice by then. */
function parametersOf(ctx: KoaContextWithOIDC): { scope?: string } {
  return ctx.oidc.params as { scope?: string }
}
