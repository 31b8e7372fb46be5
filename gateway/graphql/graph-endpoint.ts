import type { Request, RequestHandler, Response } from 'express'
import type { GraphQLSchema } from 'graphql'
import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { Context } from '../../database/context.ts'
import type { Caller } from '../../kernel/caller.ts'
import { logOurs } from '../faults/problem.ts'
import { limitGraph } from '../limits/limit-graph.ts'
import type { Quotas } from '../limits/quotas.ts'
import { noteRefusal } from '../limits/traffic-meter.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { boundedDocuments } from './bounded-documents.ts'
import { type GraphContext, onBehalfOf } from './graph-context.ts'
import { graphErrors, type RequestNote } from './graph-errors.ts'
import { type GraphRequest, type GraphRequestLimits, readGraphRequest } from './graph-request.ts'
import { sendGraphError } from './send-graph-error.ts'

/** One graph and who may come to it. */
export type Graph = {
  readonly schema: GraphQLSchema
  /** Where the world finds it. */
  readonly address: string
  readonly limits: GraphRequestLimits
  readonly quotas: Quotas
  /** Says who calls, or throws. */
  readonly authenticate: (request: Request, requestId: string) => Promise<Caller>
  /** What resolvers are given besides: loaders, made anew for each request. */
  readonly extend?: (base: GraphContext) => object
}

type Served = RequestNote & { readonly graph: GraphContext }

/** The address of a graph: authenticates, reads, executes; no answer is kept by anybody on the way. */
export function graphEndpoint(context: Context, graph: Graph): RequestHandler {
  const serve = listenerOf(yogaOver(context, graph))
  const { origin } = new URL(graph.address)
  return async (request, response) => {
    const requestId = requestIdOf(response)
    try {
      const caller = await graph.authenticate(request, requestId)
      noteCaller(response, caller)
      const asked = await readGraphRequest(request, graph.address, graph.limits)
      response.set('cache-control', 'no-store')
      const base: GraphContext = { context: onBehalfOf(context, caller), caller, origin }
      const refused = (code: unknown): void => noteRefusal(response, code)
      const served: Served = { requestId, refused, graph: { ...graph.extend?.(base), ...base } }
      await serve(asked, response, served)
    } catch (error) {
      refuse(context, error, request, response)
    }
  }
}

function yogaOver({ log }: Context, { schema, address, quotas }: Graph): YogaServerInstance<Served, GraphContext> {
  return createYoga<Served, GraphContext>({
    schema,
    graphqlEndpoint: new URL(address).pathname,
    context: ({ graph }) => graph,
    plugins: [boundedDocuments(), limitGraph(quotas), graphErrors(log)],
    maskedErrors: false,
    logging: false,
    // read, bounded and parsed before
    maxRequestBodySize: false,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
  })
}

/** Safe because the listener takes what follows the response as the server's context; its type leaves that out. */
function listenerOf(yoga: YogaServerInstance<Served, GraphContext>): Listener {
  return yoga.requestListener as unknown as Listener
}

type Listener = (asked: GraphRequest, response: Response, served: Served) => Promise<void>

function refuse({ log }: Context, error: unknown, request: Request, response: Response): void {
  logOurs(log, error, requestIdOf(response))
  if (response.headersSent) response.destroy()
  else sendGraphError(request, response, error)
}
