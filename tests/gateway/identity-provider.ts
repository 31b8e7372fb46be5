import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import { ORIGIN } from './gateway.ts'

/** A broker's identity provider: it signs in whoever is said to sit in front of it. */
export type TestProvider = {
  readonly issuer: string
  readonly keys: readonly JWK[]
  /** Who signs in from now on, or `undefined` for somebody who turns away. */
  readonly seat: (account: string | undefined) => void
  readonly close: () => Promise<void>
}

/** Starts an OpenID provider on loopback, which knows us as a client with a secret that demands PKCE. */
export async function startIdentityProvider(): Promise<TestProvider> {
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'broker', alg: 'RS256', use: 'sig' }
  let account: string | undefined
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: 'tributary',
        client_secret: 'the-secret-of-tributary',
        redirect_uris: [`${ORIGIN}/consent/signed-in`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    acrValues: ['urn:broker:strong'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session?.accountId,
        clientId: ctx.oidc.client?.clientId,
      })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  const serve = provider.callback()
  const handle: typeof serve = async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return serve(request, response)
    const result =
      account === undefined
        ? { error: 'access_denied', error_description: 'turned away' }
        : { login: { accountId: account, acr: 'urn:broker:strong', amr: ['pwd', 'otp'] } }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  return {
    issuer,
    keys: [{ kty: 'RSA', n: String(jwk.n), e: String(jwk.e), kid: 'broker', alg: 'RS256', use: 'sig' }],
    seat: (next) => {
      account = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** From the identity provider back, as far as the address with which it sends the browser to us. */
export async function comingBack(begun: string): Promise<string> {
  let address = begun
  const cookies: string[] = []
  while (!address.startsWith(ORIGIN)) {
    const response = await fetch(address, { redirect: 'manual', headers: { cookie: cookies.join('; ') } })
    for (const line of response.headers.getSetCookie()) cookies.unshift(line.split(';')[0] ?? '')
    address = new URL(response.headers.get('location') ?? '', address).href
  }
  return address
}
