import { decodeJwt } from 'jose'
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import { isFreshProof } from '../authenticate/proof-window.ts'
import type { Addresses } from '../settings.ts'
import { type ClientStanding, standingOf } from './client-metadata.ts'

/** Life of an access token: it cannot be revoked, so it is short. */
export const TOKEN_LIFE_SECONDS = 300
/** Longest life of a client assertion (PITFALLS, oidc-provider 8). */
const ASSERTION_LIFE_SECONDS = 300
/** What a client needs to ask customers, and all that a token out of their answer allows. */
const ASKING_SCOPE: Scope = 'customers:read'
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
  const proof = ctx.get('DPoP')
  if (proof !== '' && ctx.oidc.client && standingOf(ctx.oidc.client).binding === 'MTLS') {
    throw new errors.InvalidDpopProof('tokens of this client are bound to its certificate: send no proof')
  }
  const iat = proofTime(proof)
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
  const standing = standingOf(client)
  if (!standing.tokens) throw new errors.UnauthorizedClient('the partner may not be given tokens in its present status')
  const params = parametersOf(ctx)
  const asks = params.grant_type !== 'client_credentials'
  const scopes = asks ? standing.scopes.filter((scope) => scope === ASKING_SCOPE) : standing.scopes
  const foreign = params.scope?.split(' ').find((scope) => !scopes.some((own) => own === scope))
  if (foreign !== undefined) throw new errors.InvalidScope('the client does not have this scope', foreign)
  if (ctx.oidc.route !== 'token') refuseAsking(standing, params)
  if (params.grant_type !== 'refresh_token') params.scope ??= scopes.join(' ')
  return {
    scope: scopes.join(' '),
    audience: resource,
    accessTokenTTL: TOKEN_LIFE_SECONDS,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  }
}

/** A request that sends the browser to a customer says what it asks for, and comes from a partner that may be given it. */
function refuseAsking({ scopes, consents }: ClientStanding, params: Parameters): void {
  if (!consents) throw new errors.UnauthorizedClient('the partner may not be given consents in its present status')
  if (!scopes.includes(ASKING_SCOPE)) {
    throw new errors.UnauthorizedClient(`the client does not have the scope ${ASKING_SCOPE}`)
  }
  if (params.authorization_details === undefined) {
    throw new errors.InvalidAuthorizationDetails('authorization_details says what the customer is asked for')
  }
  // the others need a script, or put the code where scripts of the page read it
  if (params.response_mode !== undefined && params.response_mode !== 'query') {
    throw new errors.InvalidRequest('the response comes in the query')
  }
}

type Parameters = {
  scope?: string
  readonly grant_type?: string
  readonly authorization_details?: string
  readonly response_mode?: string
}

/** Safe because the library has refused a parameter that is given twice by then. */
function parametersOf(ctx: KoaContextWithOIDC): Parameters {
  return ctx.oidc.params as Parameters
}
