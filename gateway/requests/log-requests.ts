import type { RequestHandler, Response } from 'express'
import type { Caller } from '../../kernel/caller.ts'
import type { Log } from '../../kernel/log.ts'
import { requestIdOf } from './request-id.ts'

const LONGEST_PATH = 200

/** Logs each request when it is over: never its headers, query, body or variables. */
export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now()
    const asked = { method: request.method, path: pathOf(request.path) }
    response.once('close', () => {
      const ms = Math.round((performance.now() - startedAt) * 10) / 10
      log.info({ requestId: requestIdOf(response), ...asked, ...howItEnded(response), ms }, 'request')
    })
    next()
  }
}

/** The name of a customer's interaction is theirs: it is left out. */
function pathOf(path: string): string {
  return path.replace(/^(\/consent|\/oauth\/authorize)\/[\w-]{20,}/, '$1/:uid').slice(0, LONGEST_PATH)
}

function howItEnded(response: Response): object {
  const caller = response.locals['caller']
  return { status: response.statusCode, caller, ...(response.writableFinished ? {} : { aborted: true }) }
}

/**
 * Names the caller for the log, clients by id, staff by name; a customer's account key does not belong there. And the partner,
 * for what counts its requests.
 */
export function noteCaller(response: Response, caller: Caller): void {
  if (caller.kind === 'partner') response.locals['partner'] = caller.partner
  response.locals['caller'] =
    caller.kind === 'partner' ? caller.client : caller.kind === 'staff' ? `staff:${caller.name}` : 'customer'
}
