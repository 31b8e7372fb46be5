import type { Request } from 'express'
import { Fault } from '../../kernel/fault.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { readText, requireType } from '../requests/read-body.ts'

/** What one request asks of a graph, as the library takes it. */
export type GraphRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object
}

/** How much a request may ask for. */
export type GraphRequestLimits = { readonly bodyBytes: number; readonly documentCharacters: number }

/**
 * Reads a request to a graph (GraphQL over HTTP): POST with JSON, or GET for queries. Its address is given by us, so that no
 * Host matters. Throws `METHOD_NOT_ALLOWED`, `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE` and `INVALID_INPUT`.
 */
export async function readGraphRequest(
  request: Request,
  address: string,
  limits: GraphRequestLimits,
): Promise<GraphRequest> {
  const { host, pathname } = new URL(address)
  const headers = { host, accept: request.headers.accept ?? '*/*' }
  switch (request.method) {
    case 'GET': {
      const search = queryOf(request.url)
      checkParameters(Object.fromEntries(new URLSearchParams(search)), limits)
      return { method: 'GET', url: `${pathname}${search}`, headers }
    }
    case 'POST': {
      requireType(request, 'application/json')
      const body = bodyOf(await readText(request, limits.bodyBytes))
      checkParameters(body, limits)
      return { method: 'POST', url: pathname, headers: { ...headers, 'content-type': 'application/json' }, body }
    }
    default:
      throw new MethodNotAllowed(['GET', 'POST'])
  }
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}

/** An empty body, and an empty object, are refused here: the library would wait for them for ever. */
function bodyOf(text: string): object {
  if (text.trim() === '') throw new Fault('INVALID_INPUT', 'the body is empty')
  const body = parseStrictJson(text)
  if (typeof body !== 'object' || body === null) throw new Fault('INVALID_INPUT', 'the body is a JSON object')
  if (Array.isArray(body)) throw new Fault('INVALID_INPUT', 'one request at a time: batches are not taken')
  if (Object.keys(body).length === 0) throw new Fault('INVALID_INPUT', 'the body has a query')
  return body
}

function checkParameters(
  {
    query,
    variables,
    extensions,
  }: { readonly query?: unknown; readonly variables?: unknown; readonly extensions?: unknown },
  { documentCharacters }: GraphRequestLimits,
): void {
  if (typeof query === 'string' && query.length > documentCharacters) {
    throw new Fault('INVALID_INPUT', `a document has at most ${documentCharacters} characters`, { field: 'query' })
  }
  // as text in the address of a GET
  if (typeof variables === 'string') parseStrictJson(variables)
  if (typeof extensions === 'string') parseStrictJson(extensions)
}
