import { type Configuration, Provider } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Addresses } from '../settings.ts'
import { STANDING, standingOf } from './client-metadata.ts'
import { describeServer } from './describe-server.ts'
import { type IntrospectJwt, introspectJwts } from './introspect-jwts.ts'
import { stateAdapter } from './state-adapter.ts'
import { assertRequest, CLOCK_TOLERANCE_SECONDS, resourceServer, TOKEN_LIFE_SECONDS } from './token-rules.ts'

/** What the authorization server is made of. */
export type AuthorizationServerParts = {
  readonly addresses: Addresses
  readonly keys: SigningKeys
  /** Reads an access token of ours, or nothing. */
  readonly introspect: IntrospectJwt
}

const SIGNING_ALGORITHMS = ['ES256', 'PS256'] as const

/**
 * The OAuth 2 authorization server for partners: client credentials with `private_key_jwt` and DPoP, JWT access tokens of
 * five minutes (RFC 9068) for the partner graph. All its addresses come from the configured origin, whatever Host says.
 */
export function authorizationServer(context: Context, parts: AuthorizationServerParts): Provider {
  const { addresses } = parts
  const provider = new Provider(addresses.authorizationServer, configurationOf(context, parts))
  standAt(provider, addresses.origin)
  provider.use(describeServer)
  provider.use(introspectJwts(parts.introspect))
  const say = (_ctx: unknown, error: Error): void => context.log.error({ error: error.message }, 'oauth: our fault')
  provider.on('server_error', say)
  provider.onerror = (error) => say(undefined, error)
  return provider
}

function configurationOf(context: Context, { addresses, keys }: AuthorizationServerParts): Configuration {
  return {
    adapter: stateAdapter(context),
    jwks: { keys: [keys.current.privateJwk] },
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256', token_endpoint_auth_method: 'private_key_jwt' },
    extraClientMetadata: { properties: [STANDING] },
    enabledJWA: {
      clientAuthSigningAlgValues: [...SIGNING_ALGORITHMS],
      dPoPSigningAlgValues: [...SIGNING_ALGORITHMS],
      idTokenSigningAlgValues: ['ES256'],
    },
    responseTypes: [],
    // of the library's own scopes none but the one it cannot do without; ours are those of the resource
    scopes: ['openid'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ttl: { ClientCredentials: TOKEN_LIFE_SECONDS },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => addresses.partnerGraph,
        getResourceServerInfo: (ctx, resource) => resourceServer(addresses, ctx, resource),
      },
    },
    assertJwtClientAuthClaimsAndHeader: (ctx, claims) => assertRequest(context, ctx, claims),
    extraTokenClaims: (ctx) => (ctx.oidc.client ? { partner: standingOf(ctx.oidc.client).partner } : undefined),
    clientBasedCORS: () => false,
    findAccount: () => undefined,
    cookies: { keys: [context.keyring.key('cookies')] },
    // errors are JSON for browsers too
    renderError: (ctx, out) => {
      ctx.type = 'json'
      ctx.body = out
    },
  }
}

/** Whatever the request says about its host, the configured origin holds: for every address and for the proofs' `htu`. */
function standAt(provider: Provider, origin: string): void {
  const { host, protocol } = new URL(origin)
  Object.defineProperties(provider.request, {
    host: { get: () => host },
    protocol: { get: () => protocol.slice(0, -1) },
    href: {
      get(this: { readonly originalUrl: string }) {
        return `${origin}${this.originalUrl}`
      },
    },
  })
}
