import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** Gives every request an id of ours; what the sender calls it is not trusted. */
export const giveRequestId: RequestHandler = (_request, response, next) => {
  const id = randomUUID()
  response.locals['requestId'] = id
  response.setHeader('x-request-id', id)
  next()
}

/** The id of the request that this response answers. */
export function requestIdOf(response: Response): string {
  return String(response.locals['requestId'] ?? '')
}
