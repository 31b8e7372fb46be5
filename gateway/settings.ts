import type { JWK } from 'jose'
import { Fault } from '../kernel/fault.ts'
import { logNameOf } from '../records/log-name.ts'
import type { CertificateSource } from './authenticate/client-certificate.ts'
import { DEFAULT_QUOTAS, type QuotaSettings } from './limits/quotas.ts'

/** Whose tokens of people we trust: an issuer, and its keys by address (https) or given outright. */
export type IdentityIssuer = {
  readonly issuer: string
  readonly jwks: { readonly url: string } | { readonly keys: readonly JWK[] }
  /** As which client we let customers sign in there; without it, no customer can be asked for a consent. */
  readonly signIn?: { readonly clientId: string; readonly clientSecret?: string }
}

/** How much one request may hold. */
export type GatewayLimits = {
  /** Body of a GraphQL request of people. */
  readonly graphBodyBytes: number
  /** Body of a request of partners: a full batch of contributions (10,000) takes some 4 MiB. */
  readonly partnerGraphBodyBytes: number
  /** Text of a GraphQL document. */
  readonly documentCharacters: number
  /** One line of an ingested stream. */
  readonly ingestLineBytes: number
  /** A bank's file that is sent; larger ones are imported from the command line. */
  readonly bankStatementBytes: number
}

/** What the gateway is told; `app/config.ts` reads it from the environment. */
export type GatewaySettings = {
  /** Scheme, host and port under which the world reaches us: it alone decides every address and every `htu`. */
  readonly origin: string
  /** The broker's identity provider. Without one, only the development issuer's tokens name people. */
  readonly identity?: IdentityIssuer
  /** Where clients' certificates come from (RFC 8705); without it no token is bound to one. */
  readonly clientCertificates?: CertificateSource
  /** A token issuer of our own for people, and GraphiQL: never in production. */
  readonly development?: { readonly issuer: boolean; readonly graphiql: boolean }
  readonly limits?: Partial<GatewayLimits>
  readonly quotas?: Partial<QuotaSettings>
  /** Proxies of ours, whose word counts for where a request comes from (`X-Forwarded-For`). */
  readonly trustedProxies?: readonly string[]
  /** Who issues statements, as it stands on top of them; Tributary when absent. */
  readonly issuerName?: string
  /** The contract that the log is anchored in: it is among the metrics then. */
  readonly anchorContract?: string
}

const DEFAULT_LIMITS: GatewayLimits = {
  graphBodyBytes: 1024 * 1024,
  partnerGraphBodyBytes: 5 * 1024 * 1024,
  documentCharacters: 20_000,
  ingestLineBytes: 64 * 1024,
  bankStatementBytes: 16 * 1024 * 1024,
}

/** The limits in force. */
export function limitsOf({ limits }: GatewaySettings): GatewayLimits {
  return { ...DEFAULT_LIMITS, ...limits }
}

/** The quotas in force. */
export function quotaSettingsOf({ quotas }: GatewaySettings): QuotaSettings {
  return { ...DEFAULT_QUOTAS, ...quotas }
}

/** Where things are, as the world sees them. */
export type Addresses = {
  readonly origin: string
  readonly authorizationServer: string
  readonly partnerGraph: string
  readonly customerGraph: string
  readonly operationsGraph: string
  readonly ingest: string
  readonly contributions: string
  readonly consentPages: string
  readonly customerPages: string
  readonly developmentIssuer: string
  readonly transparency: string
  readonly partnerGraphMetadata: string
}

/** Our addresses under the configured origin. Throws `CONFIG_INVALID` when the origin is more or less than one. */
export function addressesOf({ origin }: GatewaySettings): Addresses {
  if (URL.parse(origin)?.origin !== origin || !/^https?:/.test(origin)) {
    throw new Fault(
      'CONFIG_INVALID',
      'the origin is a scheme, a host and perhaps a port, such as https://api.example.com',
    )
  }
  return {
    origin,
    authorizationServer: `${origin}/oauth`,
    partnerGraph: `${origin}/graphql`,
    customerGraph: `${origin}/customer/graphql`,
    operationsGraph: `${origin}/operations/graphql`,
    ingest: `${origin}/ingest`,
    contributions: `${origin}/partner/contributions`,
    consentPages: `${origin}/consent`,
    customerPages: `${origin}/consent/mine`,
    developmentIssuer: `${origin}/development-issuer`,
    transparency: `${new URL(origin).protocol}//${logNameOf(origin)}`,
    // RFC 9728 §3.1: the well-known part stands between the host and the resource's path
    partnerGraphMetadata: `${origin}/.well-known/oauth-protected-resource/graphql`,
  }
}
