import { type Configuration, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { nameCustomer } from '../../customers/subjects/name-customer.ts'
import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { certificateOf } from '../authenticate/client-certificate.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Addresses } from '../settings.ts'
import { STANDING, standingOf } from './client-metadata.ts'
import { describeServer, publishKeys } from './describe-server.ts'
import { type IntrospectJwt, introspectJwts } from './introspect-jwts.ts'
import { CODE_LIFE_SECONDS, INTERACTION_LIFE_SECONDS, untilConsentEnds } from './lives.ts'
import { observeTokens } from './observe-tokens.ts'
import { richAuthorization } from './rich-authorization.ts'
import { stateAdapter } from './state-adapter.ts'
import { assertRequest, CLOCK_TOLERANCE_SECONDS, resourceServer, TOKEN_LIFE_SECONDS } from './token-rules.ts'

/** What the authorization server is made of. */
export type AuthorizationServerParts = {
  readonly addresses: Addresses
  readonly keys: SigningKeys
  /** Reads an access token of ours, or nothing. */
  readonly introspect: IntrospectJwt
  /** A page that tells a person in a browser what went wrong, in the languages that they read. */
  readonly errorPage: (languages: string | undefined) => string
  /** Whether clients' certificates come here, so that tokens can be bound to them. */
  readonly certificates: boolean
}

const SIGNING_ALGORITHMS = ['ES256', 'PS256'] as const

/**
 * The OAuth 2 authorization server for partners after the FAPI 2.0 security profile: client credentials, and authorization
 * codes for what customers grant (pushed requests, PKCE, rich authorization details); `private_key_jwt`, JWT access tokens of
 * five minutes (RFC 9068) for the partner graph, bound by DPoP or to the client's certificate (RFC 8705). All its addresses come from the configured origin, whatever Host
 * says.
 */
export function authorizationServer(context: Context, parts: AuthorizationServerParts): Provider {
  const { addresses } = parts
  const provider = new Provider(addresses.authorizationServer, configurationOf(context, parts))
  standAt(provider, addresses.origin)
  provider.use(describeServer(parts.certificates))
  provider.use(publishKeys(parts.keys))
  provider.use(introspectJwts(parts.introspect))
  observeTokens(provider, context)
  const say = (_ctx: unknown, error: Error): void => context.log.error({ error: error.message }, 'oauth: our fault')
  provider.on('server_error', say)
  provider.onerror = (error) => say(undefined, error)
  return provider
}

function configurationOf(context: Context, parts: AuthorizationServerParts): Configuration {
  const { addresses, keys } = parts
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
    routes: { authorization: '/authorize', pushed_authorization_request: '/par' },
    responseTypes: ['code'],
    // of the library's own scopes none but the one it cannot do without; ours are those of the resource
    scopes: ['openid'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...livesOf(),
    ...peopleOf(context, addresses),
    features: featuresOf(context, parts),
    assertJwtClientAuthClaimsAndHeader: (ctx, claims) => assertRequest(context, ctx, claims),
    extraTokenClaims: (ctx) => (ctx.oidc.client ? { partner: standingOf(ctx.oidc.client).partner } : undefined),
    // the token only says who calls; what was granted stands in the token response, and counts as long as the consent
    formats: { customizers: { jwt: (_ctx, _token, { payload }) => void delete payload['authorization_details'] } },
    clientBasedCORS: () => false,
    cookies: { keys: [context.keyring.key('cookies')] },
    renderError: (ctx, out) => tellError(ctx, out, parts.errorPage),
  }
}

function featuresOf(context: Context, { addresses }: AuthorizationServerParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    fapi: { enabled: true, profile: '2.0' },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    // clients authenticate by private_key_jwt all the same; without certificates its clients are given no tokens
    mTLS: { enabled: true, certificateBoundAccessTokens: true, getCertificate: ({ req }) => certificateOf(req) },
    introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    richAuthorizationRequests: richAuthorization(context),
    resourceIndicators: {
      enabled: true,
      defaultResource: () => addresses.partnerGraph,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource) => resourceServer(addresses, ctx, resource),
    },
  }
}

/** FAPI 2.0 §5.3.2.1: refresh tokens are bound to the client's own keys and not rotated; a retry after a lost answer works. */
function livesOf(): Pick<Configuration, 'ttl' | 'rotateRefreshToken' | 'issueRefreshToken' | 'expiresWithSession'> {
  return {
    ttl: {
      ClientCredentials: TOKEN_LIFE_SECONDS,
      AccessToken: TOKEN_LIFE_SECONDS,
      AuthorizationCode: CODE_LIFE_SECONDS,
      Interaction: INTERACTION_LIFE_SECONDS,
      Session: INTERACTION_LIFE_SECONDS,
      RefreshToken: (_ctx, { rar }) => untilConsentEnds(rar),
      Grant: (_ctx, { rar }) => untilConsentEnds(rar),
    },
    rotateRefreshToken: false,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
  }
}

/** Customers by our own id, whom a partner knows by its subject only. They sign in for each request anew. */
function peopleOf(
  context: Context,
  { consentPages }: Addresses,
): Pick<Configuration, 'findAccount' | 'subjectTypes' | 'pairwiseIdentifier' | 'loadExistingGrant' | 'interactions'> {
  return {
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, accountId, client) => {
      invariant(isId('cus', accountId), 'accounts are customers')
      return nameCustomer(context, { partner: standingOf(client).partner, customer: accountId })
    },
    // of this very request: by itself the library takes the session's (PITFALLS, oidc-provider 6)
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId)
    },
    interactions: { policy: policyOf(), url: (_ctx, { uid }) => `${consentPages}/${uid}` },
  }
}

function policyOf(): interactionPolicy.DefaultPolicy {
  const { Check, base } = interactionPolicy
  const policy = base()
  const eachTime = new Check('each_time', 'the customer signs in for each request', ({ oidc }) =>
    oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
  )
  policy.get('login')?.checks.add(eachTime)
  return policy
}

/** Errors are JSON for programs, whatever they accept; a person comes to the two addresses of the browser. */
function tellError(ctx: KoaContextWithOIDC, out: object, errorPage: AuthorizationServerParts['errorPage']): void {
  const inBrowser = ctx.oidc?.route === 'authorization' || ctx.oidc?.route === 'resume'
  if (inBrowser && ctx.accepts('json', 'html') === 'html') {
    ctx.type = 'html'
    ctx.body = errorPage(ctx.get('accept-language'))
  } else {
    ctx.type = 'json'
    ctx.body = out
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
