import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, Response } from 'express'
import { translateDatabaseError } from '../../database/constraint-faults.ts'
import type { Log } from '../../kernel/log.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { outward } from './outward.ts'

/** Answers with an error as `application/problem+json` (RFC 9457), with our stable code and the request's id. */
export function sendProblem(response: Response, error: unknown, more: Readonly<Record<string, unknown>> = {}): void {
  const { status, code, message: detail, field, headers } = outward(error)
  const type = `urn:tributary:problem:${code}`
  const problem = {
    type,
    title: STATUS_CODES[status],
    status,
    detail,
    code,
    field,
    requestId: requestIdOf(response),
    ...more,
  }
  response.status(status).set(headers).set('cache-control', 'no-store').type('application/problem+json')
  response.send(JSON.stringify(problem))
}

/** The last resort of the whole application: says what may be said, and logs what is ours. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    logOurs(log, error, requestIdOf(response))
    // too late for an answer: the other side must not take half of one for the whole
    if (response.headersSent) response.destroy()
    else sendProblem(response, error)
  }
}

/** Logs an error unless the caller is at fault. */
export function logOurs(log: Log, raised: unknown, requestId: string): void {
  if (outward(raised).status < 500) return
  const error = translateDatabaseError(raised)
  const cause = error instanceof Error && error.cause !== undefined ? { cause: describe(error.cause) } : {}
  log.error({ requestId, error: describe(error), ...cause }, 'request failed')
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error ? String(error.code) : undefined
  // the database repeats a value that it cannot take (SQLSTATE class 22), and values may be personal
  const message = code?.startsWith('22') ? 'the database refused a value' : error.message
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, ...(code && { code }), message, stack: frames?.join('\n') }
}
