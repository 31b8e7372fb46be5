import express, { type Express, type IRouter, type Request } from 'express'
import type { GraphQLSchema } from 'graphql'
import helmet from 'helmet'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { mountApplications } from './applications/mount-applications.ts'
import { type TokenReader, tokenReader } from './authenticate/access-token.ts'
import { credentialsOf, partnerAuthenticator } from './authenticate/authenticate-partner.ts'
import { authenticateStaff } from './authenticate/authenticate-person.ts'
import { takeCertificate } from './authenticate/client-certificate.ts'
import { trustedIssuers } from './authenticate/development-token.ts'
import { mountDevelopmentIssuer } from './authenticate/mount-development-issuer.ts'
import { personTokenReader } from './authenticate/person-token.ts'
import { type BrokerSignIn, brokerSignIn } from './consent-pages/broker-sign-in.ts'
import { languageOf } from './consent-pages/language.ts'
import { endingPage } from './consent-pages/message-pages.ts'
import { mountConsentPages } from './consent-pages/mount-consent-pages.ts'
import { writePage } from './consent-pages/page.ts'
import { mountReceiptKeys } from './consents/mount-receipt-keys.ts'
import { mountCustomerPages } from './customer-pages/mount-customer-pages.ts'
import { mountDirectory } from './directory/mount-directory.ts'
import { problemHandler } from './faults/problem.ts'
import { type GraphContext, onBehalfOf } from './graphql/graph-context.ts'
import { mountGraphs } from './graphql/mount-graphs.ts'
import { mountSchemas } from './graphql/mount-schemas.ts'
import { measureAlarms } from './health/alarm-metrics.ts'
import { measureAnchors } from './health/anchor-metrics.ts'
import { measureClients } from './health/client-metrics.ts'
import { mountLandingPage } from './health/landing-page.ts'
import { measureLog } from './health/log-metrics.ts'
import { type Metrics, mountMetrics, requestMetrics } from './health/metrics.ts'
import { mountHealth, readinessOf } from './health/mount-health.ts'
import { measureWebhooks } from './health/webhook-metrics.ts'
import { mountBankStatements } from './ingest/mount-bank-statements.ts'
import { mountContributions } from './ingest/mount-contributions.ts'
import { mountIngest } from './ingest/mount-ingest.ts'
import { type KeyWatch, watchKeys } from './keys/watch-keys.ts'
import { limitAddresses } from './limits/limit-addresses.ts'
import { type Quotas, quotasOf } from './limits/quotas.ts'
import type { TrafficMeter } from './limits/traffic-meter.ts'
import { currentServer } from './oauth/current-server.ts'
import type { IntrospectJwt } from './oauth/introspect-jwts.ts'
import { mountOauth } from './oauth/mount-oauth.ts'
import { mountPayoutFiles } from './payouts/mount-payout-files.ts'
import { logRequests } from './requests/log-requests.ts'
import { proxiesAt } from './requests/proxies.ts'
import { giveRequestId } from './requests/request-id.ts'
import {
  type Addresses,
  addressesOf,
  type GatewaySettings,
  type IdentityIssuer,
  limitsOf,
  quotaSettingsOf,
} from './settings.ts'
import { mountStatements } from './statements/mount-statements.ts'
import { mountTransparency } from './transparency/mount-transparency.ts'

/** What the composition root puts into the gateway. */
export type HttpParts = {
  readonly partner: GraphQLSchema
  readonly customer: GraphQLSchema
  readonly operations: GraphQLSchema
  /** What resolvers are given besides the context and the caller: loaders, made anew for each request. */
  readonly graphContext?: (base: GraphContext) => object
  /** Counts what partners ask; without it nothing is counted. */
  readonly traffic?: TrafficMeter
  /** Whether the process is about to end: it is then not ready. */
  readonly isShuttingDown?: () => boolean
  /** Further addresses (the console), before whatever is not found. */
  readonly mount?: (app: IRouter) => void
}

/**
 * The whole HTTP edge over a migrated database. Makes the signing keys that are missing.
 * Throws `CONFIG_INVALID` for settings that cannot be.
 */
export async function createHttpApp(context: Context, settings: GatewaySettings, parts: HttpParts): Promise<Express> {
  const { partner, customer, operations } = parts
  const addresses = addressesOf(settings)
  const keys = watchKeys(context, 'oauth')
  await keys.keys()
  const issuers = await trustedIssuers(context, settings)
  const app = bareApp(context, addresses, settings)
  const metrics = requestMetrics()
  const quotas = quotasOf(context, quotaSettingsOf(settings), metrics.registry)
  mountOutlook(app, context, { settings, metrics, isShuttingDown: parts.isShuttingDown ?? (() => false) })
  if (parts.traffic !== undefined) app.use(parts.traffic.count)
  mountSchemas(app, { partner, customer, operations })
  mountTransparency(app, context)
  mountReceiptKeys(app, context)
  mountDevelopmentIssuer(app, addresses, issuers)
  mountDoors(app, context, { settings, parts, keys, issuers, quotas })
  parts.mount?.(app)
  app.use(() => {
    throw new Fault('NOT_FOUND', 'there is nothing at this address')
  })
  app.use(problemHandler(context.log))
  return app
}

function bareApp({ log }: Context, { origin }: Addresses, { clientCertificates }: GatewaySettings): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('trust proxy', false)
  app.set('query parser', 'simple')
  app.use(giveRequestId, logRequests(log), securityHeaders(origin))
  if (clientCertificates !== undefined) app.use(takeCertificate(clientCertificates))
  return app
}

/** Nothing that we serve loads or frames anything, but for pages that bring a policy of their own. */
function securityHeaders(origin: string): ReturnType<typeof helmet> {
  const none = ["'none'"]
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: none, baseUri: none, formAction: none, frameAncestors: none },
    },
    // a promise for https alone: on http, browsers ignore it and people wonder
    strictTransportSecurity: origin.startsWith('https:'),
  })
}

type Outlook = {
  readonly settings: GatewaySettings
  readonly metrics: Metrics
  readonly isShuttingDown: () => boolean
}

/** What anybody may see: whether it serves, how it fares, where things are. */
function mountOutlook(app: Express, context: Context, { settings, metrics, isShuttingDown }: Outlook): void {
  measureLog(metrics.registry, context)
  measureAlarms(metrics.registry, context)
  measureClients(metrics.registry, context)
  measureWebhooks(metrics.registry, context)
  if (settings.anchorContract !== undefined) measureAnchors(metrics.registry, context, settings.anchorContract)
  app.use(metrics.count)
  mountHealth(app, context, isShuttingDown)
  mountMetrics(app, metrics)
  mountLandingPage(app, settings, () => readinessOf(context, isShuttingDown))
}

type Doors = {
  readonly settings: GatewaySettings
  readonly parts: HttpParts
  readonly keys: KeyWatch
  readonly issuers: readonly IdentityIssuer[]
  readonly quotas: Quotas
}

/** The doors at which callers say who they are. */
function mountDoors(app: Express, context: Context, { settings, parts, keys, issuers, quotas }: Doors): void {
  const addresses = addressesOf(settings)
  const readToken = tokenReader(context.clock, { addresses, keys })
  const readPerson = personTokenReader(context.clock, issuers)
  const introspect = introspection(readToken)
  const certificates = settings.clientCertificates !== undefined
  const server = currentServer(context, { addresses, keys, introspect, errorPage, certificates })
  const proxies = proxiesAt(settings.trustedProxies ?? [])
  app.use('/oauth', limitAddresses(quotas, proxies, 'oauth'))
  app.use('/consent', limitAddresses(quotas, proxies, 'pages'))
  mountApplications(app, context, { quotas, proxies, origin: addresses.origin })
  mountDirectory(app, context, { quotas, proxies })
  mountOauth(app, server, { addresses, certificates })
  const pages = {
    context: onBehalfOf(context, { kind: 'customer' }),
    addresses,
    broker: brokerOf(context, settings),
    development: settings.development?.issuer === true,
  }
  mountCustomerPages(app, pages)
  mountConsentPages(app, server, pages)
  const { partner, customer, operations, graphContext: extend } = parts
  const authenticate = partnerAuthenticator(context, { addresses, readToken, traffic: parts.traffic })
  mountGraphs(app, context, {
    settings,
    schemas: { partner, customer, operations },
    extend,
    authenticate,
    readPerson,
    quotas,
  })
  const ingester = ({ headers: { authorization } }: Request, requestId: string) =>
    authenticateStaff(readPerson, { authorization, audience: addresses.ingest, requestId })
  mountIngest(app, context, { lineBytes: limitsOf(settings).ingestLineBytes, authenticate: ingester })
  mountBankStatements(app, context, { bodyBytes: limitsOf(settings).bankStatementBytes, authenticate: ingester })
  mountPayoutFiles(app, context, {
    authenticate: ({ headers: { authorization } }, requestId) =>
      authenticateStaff(readPerson, { authorization, audience: addresses.operationsGraph, requestId }),
  })
  const { partnerGraphBodyBytes: bodyBytes, ingestLineBytes: lineBytes } = limitsOf(settings)
  mountContributions(app, context, {
    bodyBytes,
    lineBytes,
    quotas,
    authenticate: (request, requestId) => authenticate(credentialsOf(request, addresses.contributions, requestId)),
  })
  mountStatements(app, context, {
    quotas,
    issuer: settings.issuerName ?? 'Tributary',
    // a proof is for the address without its query (RFC 9449 §4.2)
    authenticatePartner: (request, requestId) =>
      authenticate(credentialsOf(request, `${addresses.origin}${request.path}`, requestId)),
    authenticateStaff: ({ headers: { authorization } }, requestId) =>
      authenticateStaff(readPerson, { authorization, audience: addresses.operationsGraph, requestId }),
  })
}

/** Signing in at the broker's identity provider, where the settings say as whom. */
function brokerOf(context: Context, { identity, ...settings }: GatewaySettings): BrokerSignIn | undefined {
  if (identity?.signIn === undefined) return undefined
  const redirectUri = `${addressesOf(settings).consentPages}/signed-in`
  return brokerSignIn(context, { ...identity, signIn: identity.signIn }, redirectUri)
}

/** What a person is told in a browser whose request is none. */
function errorPage(languages: string | undefined): string {
  return writePage(endingPage(languageOf(languages), 'failed'))
}

/** What a client is told of its own token: what the token says. */
function introspection(readToken: TokenReader): IntrospectJwt {
  return async (text: string) => {
    const read = await readToken(text)
    if ('refused' in read) return undefined
    const { claims, client, binding } = read.token
    return { ...claims, client_id: client, token_type: 'jkt' in binding ? 'DPoP' : 'Bearer' }
  }
}
