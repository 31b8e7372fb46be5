import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import type { Log } from '../../kernel/log.ts'
import { outward } from '../faults/outward.ts'
import { logOurs } from '../faults/problem.ts'

/** What the plugin needs to know of a request. */
export type RequestNote = {
  readonly requestId: string
  /** Is told the code of what was refused. */
  readonly refused?: (code: unknown) => void
}

/** Codes of the library for what every other door calls `INVALID_INPUT`. */
const OTHER_NAMES: ReadonlySet<unknown> = new Set([undefined, 'BAD_REQUEST', 'BAD_USER_INPUT'])

/**
 * The one place where errors leave a graph: each with a stable code and the request's id; faults are said, errors of ours
 * are masked and logged. (The library's own masking is off: it does not know of requests.)
 */
export function graphErrors(log: Log): Plugin<object, RequestNote> {
  return {
    onResultProcess({ result, setResult, serverContext: { requestId, refused } }) {
      const tell = (one: ExecutionResult) => {
        const told = tellErrors(log, one, requestId)
        if (told?.errors?.[0] !== undefined) refused?.(told.errors[0].extensions['code'])
        return told
      }
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, tell))
      else setResult(Array.isArray(result) ? result.map(tell) : tell(result))
    },
  }
}

function tellErrors(log: Log, result: ExecutionResult, requestId: string): ExecutionResult {
  if (!result?.errors?.length) return result
  return { ...result, errors: result.errors.map((error) => tellError(log, error, requestId)) }
}

/** A new error, never a changed one: refused documents are cached with theirs. */
function tellError(log: Log, error: GraphQLError, requestId: string): GraphQLError {
  const root = rootOf(error)
  const { nodes = null, source = null, positions = null, path = null } = error
  const place = { nodes, source, positions, path }
  if (root instanceof GraphQLError) {
    const code = OTHER_NAMES.has(root.extensions['code']) ? 'INVALID_INPUT' : root.extensions['code']
    return new GraphQLError(root.message, {
      ...place,
      extensions: { ...error.extensions, ...root.extensions, code, requestId },
    })
  }
  logOurs(log, root, requestId)
  const { code, message, field, status } = outward(root)
  // `unexpected` makes the library answer 500 when there is no data at all; it is not sent
  const extensions = { code, requestId, ...(field && { field }), ...(status >= 500 && { unexpected: true }) }
  return new GraphQLError(message, { ...place, extensions })
}

/** What was thrown at first, under what GraphQL wrapped round it. */
function rootOf(error: unknown): unknown {
  const inner = error instanceof GraphQLError ? error.originalError : undefined
  return inner === undefined || inner === null ? error : rootOf(inner)
}
