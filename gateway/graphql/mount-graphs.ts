import type { IRouter, Request } from 'express'
import type { GraphQLSchema } from 'graphql'
import type { Context } from '../../database/context.ts'
import { type AuthenticatePartner, credentialsOf } from '../authenticate/authenticate-partner.ts'
import { authenticateCustomer, authenticateStaff, type PersonCredentials } from '../authenticate/authenticate-person.ts'
import type { PersonTokenReader } from '../authenticate/person-token.ts'
import type { Quotas } from '../limits/quotas.ts'
import { addressesOf, type GatewaySettings, limitsOf } from '../settings.ts'
import type { GraphContext } from './graph-context.ts'
import { type Graph, graphEndpoint } from './graph-endpoint.ts'
import { graphiql } from './graphiql.ts'

/** What the graphs are made of. */
export type GraphParts = {
  readonly settings: GatewaySettings
  readonly schemas: {
    readonly partner: GraphQLSchema
    readonly customer: GraphQLSchema
    readonly operations: GraphQLSchema
  }
  readonly extend: ((base: GraphContext) => object) | undefined
  readonly authenticate: AuthenticatePartner
  readonly readPerson: PersonTokenReader
  readonly quotas: Quotas
}

/** Opens the three graphs, each to its own callers; in development, with GraphiQL for those of people. */
export function mountGraphs(app: IRouter, context: Context, parts: GraphParts): void {
  const { settings, schemas, readPerson, quotas } = parts
  const { partnerGraph, customerGraph, operationsGraph } = addressesOf(settings)
  if (settings.development?.graphiql === true) {
    app.get('/customer/graphql', graphiql('Tributary: customer'))
    app.get('/operations/graphql', graphiql('Tributary: operations'))
  }
  const open = (path: string, graph: Pick<Graph, 'schema' | 'address' | 'authenticate'>): void => {
    const bodyBytes = limitsOf(settings)[path === '/graphql' ? 'partnerGraphBodyBytes' : 'graphBodyBytes']
    const limits = { bodyBytes, documentCharacters: limitsOf(settings).documentCharacters }
    app.all(path, graphEndpoint(context, { ...graph, limits, quotas, ...(parts.extend && { extend: parts.extend }) }))
  }
  open('/graphql', {
    schema: schemas.partner,
    address: partnerGraph,
    authenticate: (request, requestId) => parts.authenticate(credentialsOf(request, partnerGraph, requestId)),
  })
  open('/customer/graphql', {
    schema: schemas.customer,
    address: customerGraph,
    authenticate: (request, requestId) => authenticateCustomer(readPerson, personOf(request, customerGraph, requestId)),
  })
  open('/operations/graphql', {
    schema: schemas.operations,
    address: operationsGraph,
    authenticate: (request, requestId) => authenticateStaff(readPerson, personOf(request, operationsGraph, requestId)),
  })
}

function personOf({ headers: { authorization } }: Request, audience: string, requestId: string): PersonCredentials {
  return { authorization, audience, requestId }
}
