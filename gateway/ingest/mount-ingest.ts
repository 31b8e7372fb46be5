import type { IRouter, Request, Response } from 'express'
import type { Context } from '../../database/context.ts'
import type { StaffCaller, StaffRole } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { ndjsonLines } from '../../kernel/ndjson-lines.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { logOurs, sendProblem } from '../faults/problem.ts'
import { onBehalfOf } from '../graphql/graph-context.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { chunksOf, refuseEncoded, requireType } from '../requests/read-body.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { emptySummary, ingestRevenue } from './ingest-revenue.ts'

/** What the ingest door is made of. */
export type IngestParts = {
  readonly lineBytes: number
  /** Says which of the broker's systems or staff calls, or throws. */
  readonly authenticate: (request: Request, requestId: string) => Promise<StaffCaller>
}

const MAY_INGEST: readonly StaffRole[] = ['ingest', 'finance']

/**
 * `POST /ingest/revenue?source=…`: the broker's facts as NDJSON, read as they come. Answers with a summary and the refusals
 * by line; when the stream ends badly, with a problem that has the summary of what was stored before.
 */
export function mountIngest(router: IRouter, context: Context, parts: IngestParts): void {
  router.post('/ingest/revenue', (request, response) => takeRevenue(context, parts, request, response))
  router.all('/ingest/revenue', () => {
    throw new MethodNotAllowed(['POST'])
  })
}

/** Throws `FORBIDDEN` unless the caller may bring data in. */
export function requireIngester({ roles }: StaffCaller): void {
  if (MAY_INGEST.some((role) => roles.has(role))) return
  throw new Fault('FORBIDDEN', `this address is for the roles ${MAY_INGEST.join(' and ')}`)
}

async function takeRevenue(
  context: Context,
  { authenticate, lineBytes }: IngestParts,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = await authenticate(request, requestIdOf(response))
  noteCaller(response, caller)
  requireIngester(caller)
  requireType(request, 'application/x-ndjson')
  refuseEncoded(request)
  const source = request.query['source']
  if (typeof source !== 'string' || source.includes('\u0000')) {
    throw new Fault('INVALID_INPUT', 'name the source of the facts: ?source=…', { field: 'source' })
  }
  const summary = emptySummary()
  const lines = ndjsonLines(chunksOf(request), lineBytes)
  try {
    await ingestRevenue(onBehalfOf(context, caller), lines, { source, summary })
    response.set('cache-control', 'no-store').json(summary)
  } catch (error) {
    logOurs(context.log, error, requestIdOf(response))
    sendProblem(response, error, { summary })
  }
}
