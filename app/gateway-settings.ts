import type { GatewaySettings, IdentityIssuer } from '../gateway/settings.ts'
import type { Config } from './config.ts'

/** What the gateway is told, out of the configuration; `port` is the one that was really taken. */
export function gatewaySettings(config: Config, port: number = config.port): GatewaySettings {
  const { identity, developmentIssuer, anchor, clientCertificates, quotas, trustedProxies } = config
  return {
    origin: config.port === 0 && config.origin === 'http://localhost:0' ? `http://localhost:${port}` : config.origin,
    ...(identity === undefined ? {} : { identity: identityOf(identity) }),
    issuerName: config.name,
    ...{ quotas, trustedProxies },
    ...(clientCertificates && { clientCertificates }),
    ...(anchor?.contract === undefined ? {} : { anchorContract: anchor.contract }),
    development: { issuer: developmentIssuer, graphiql: developmentIssuer },
  }
}

function identityOf({ issuer, jwks, signIn }: NonNullable<Config['identity']>): IdentityIssuer {
  return { issuer, jwks: { url: jwks }, ...(signIn && { signIn }) }
}
