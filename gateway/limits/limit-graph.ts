import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { GraphContext } from '../graphql/graph-context.ts'
import type { Spent } from '../store/spent-points.ts'
import { operationCost } from './operation-cost.ts'
import type { Quotas } from './quotas.ts'
import { Throttled } from './throttled.ts'

/**
 * Holds an operation to what one request may cost, and its caller to their quota, before any of it runs. Each answer to a partner says
 * what was taken (`requested`), how many objects it really gave (`actual`), and what is left. Of a query the difference is
 * given back; a mutation has done its work, whatever of it was asked back.
 */
export function limitGraph(quotas: Quotas): Plugin<GraphContext> {
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args
      const asked = {
        schema,
        document,
        operationName: operationName ?? undefined,
        variables: variableValues ?? undefined,
      }
      const requested = operationCost(asked)
      if (requested > quotas.pointsPerRequest) {
        quotas.countTooHigh()
        return setResultAndStopExecution({ errors: [tooHigh(requested, quotas.pointsPerRequest)] })
      }
      const { caller } = contextValue
      const spent = await quotas.spend(caller, requested).catch(onlyThrottled)
      if (spent instanceof Throttled) return setResultAndStopExecution({ errors: [throttled(requested, spent)] })
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return
          const actual = isQuery(document, operationName) ? Math.min(requested, given(result)) : requested
          quotas.giveBack(caller, requested - actual)
          // programs look after their quota; people's pages and apps are told when it is spent
          if (caller.kind === 'partner') setResult(withCost(result, costSaid(spent, requested, actual)))
        },
      }
    },
  }
}

function onlyThrottled(error: unknown): Throttled {
  if (error instanceof Throttled) return error
  throw error
}

/** `extensions.cost`, as graphs say it. */
function costSaid({ limit, remaining, resetAt }: Spent, requested: number, actual: number): object {
  return { requested, actual, throttle: { limit, remaining, resetAt: resetAt.toISOString() } }
}

function withCost(result: ExecutionResult, cost: object): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, cost } }
}

function tooHigh(requested: number, most: number): GraphQLError {
  const message = `this may give ${requested} objects, and one request may give ${most}: ask for smaller pages`
  return new GraphQLError(message, {
    extensions: { code: 'COST_TOO_HIGH', cost: { requested }, http: { status: 400 } },
  })
}

function throttled(requested: number, { message, quota }: Throttled): GraphQLError {
  const headers = { 'retry-after': `${quota.waitSeconds}` }
  return new GraphQLError(message, {
    extensions: { code: 'THROTTLED', cost: costSaid(quota, requested, 0), http: { status: 429, headers } },
  })
}

function isQuery(document: DocumentNode, operationName: string | null | undefined): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY
}

/** Objects of an answer. A field at the root counts as one, also where it gave nothing: to ask is to ask. */
function given({ data }: ExecutionResult): number {
  const fields = Object.values(data ?? {}).map((value) => Math.max(1, objectsIn(value)))
  return Math.max(
    1,
    fields.reduce((sum, objects) => sum + objects, 0),
  )
}

function objectsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let objects = Array.isArray(value) ? 0 : 1
  for (const member of Object.values(value)) objects += objectsIn(member)
  return objects
}
