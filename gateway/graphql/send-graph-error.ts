import type { Request, Response } from 'express'
import { outward } from '../faults/outward.ts'
import { requestIdOf } from '../requests/request-id.ts'

const RESPONSE_TYPE = 'application/graphql-response+json'

/** Answers a request that never reached its graph, in a graph's form, with the HTTP status of the fault. */
export function sendGraphError(request: Request, response: Response, error: unknown): void {
  const { status, code, message, field, headers } = outward(error)
  const extensions = { code, requestId: requestIdOf(response), ...(field && { field }) }
  const type = request.headers.accept?.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : 'application/json'
  response.status(status).set(headers).set('cache-control', 'no-store')
  response.set('content-type', `${type}; charset=utf-8`)
  response.send(JSON.stringify({ errors: [{ message, extensions }] }))
}
