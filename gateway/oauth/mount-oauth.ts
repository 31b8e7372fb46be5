import type { IRouter } from 'express'
import type { Provider } from 'oidc-provider'
import { SCOPES } from '../../kernel/caller.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import type { Addresses } from '../settings.ts'

/** What of the authorization server is open, and how. */
const ROUTES: readonly { readonly path: string; readonly methods: readonly string[]; readonly inner?: string }[] = [
  { path: '/oauth/par', methods: ['POST', 'OPTIONS'] },
  { path: '/oauth/authorize', methods: ['GET', 'HEAD'] },
  // where the browser comes back from the pages of the consent
  { path: '/oauth/authorize/:uid', methods: ['GET', 'HEAD'] },
  { path: '/oauth/token', methods: ['POST', 'OPTIONS'] },
  { path: '/oauth/token/introspection', methods: ['POST', 'OPTIONS'] },
  { path: '/oauth/token/revocation', methods: ['POST', 'OPTIONS'] },
  { path: '/oauth/jwks', methods: ['GET', 'HEAD', 'OPTIONS'] },
  { path: '/oauth/.well-known/openid-configuration', methods: ['GET', 'HEAD', 'OPTIONS'] },
  // RFC 8414 §3.1: the well-known part stands between the host and the issuer's path
  {
    path: '/.well-known/oauth-authorization-server/oauth',
    inner: '/.well-known/oauth-authorization-server',
    methods: ['GET', 'HEAD', 'OPTIONS'],
  },
]

/** Opens the authorization server and the metadata of the resource that it protects (RFC 9728). */
export function mountOauth(
  router: IRouter,
  currentProvider: () => Promise<Provider>,
  { addresses, certificates }: { readonly addresses: Addresses; readonly certificates: boolean },
): void {
  for (const { path, inner, methods } of ROUTES) {
    router.all(path, async (request, response) => {
      if (!methods.includes(request.method)) throw new MethodNotAllowed(methods)
      // the library takes where it is mounted from the difference of these two
      const { pathname, search } = new URL(request.originalUrl, addresses.origin)
      request.url = `${inner ?? pathname.slice('/oauth'.length)}${search}`
      request.originalUrl = `/oauth${request.url}`
      const provider = await currentProvider()
      await provider.callback()(request, response)
    })
  }
  router.get(new URL(addresses.partnerGraphMetadata).pathname, (_request, response) => {
    response.json(protectedResource(addresses, certificates))
  })
}

function protectedResource({ partnerGraph, authorizationServer, origin }: Addresses, certificates: boolean): object {
  return {
    resource: partnerGraph,
    authorization_servers: [authorizationServer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: ['ES256', 'PS256'],
    // where there are certificates, a client's tokens are bound to one or the other
    dpop_bound_access_tokens_required: !certificates,
    tls_client_certificate_bound_access_tokens: certificates,
    resource_name: 'Tributary for partners',
    resource_documentation: origin,
  }
}
