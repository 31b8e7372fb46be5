import type { IRouter } from 'express'
import type { Addresses, IdentityIssuer } from '../settings.ts'

/** Publishes the keys of the development issuer, where it is on, as any identity provider does (OpenID discovery). */
export function mountDevelopmentIssuer(
  router: IRouter,
  { developmentIssuer }: Addresses,
  issuers: readonly IdentityIssuer[],
): void {
  const own = issuers.find(({ issuer }) => issuer === developmentIssuer)
  if (own === undefined || !('keys' in own.jwks)) return
  const { keys } = own.jwks
  router.get('/development-issuer/jwks', (_request, response) => {
    response.json({ keys })
  })
  router.get('/development-issuer/.well-known/openid-configuration', (_request, response) => {
    response.json({ issuer: developmentIssuer, jwks_uri: `${developmentIssuer}/jwks` })
  })
}
