import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql'
import type { Context } from '../../database/context.ts'
import type { Caller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'

/** An answer as plain data, and the codes of its errors. */
export type Answer = { readonly data: unknown; readonly codes: readonly string[] }

/** Where the gateway would be. */
export const ORIGIN = 'https://gateway.test'

/** Asks a graph as a caller, as the gateway would. */
export async function ask(
  { schema, context, caller }: { schema: GraphQLSchema; context: Context; caller: Caller },
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const result = await graphql({ schema, source, variableValues, contextValue: { context, caller, origin: ORIGIN } })
  return { data: JSON.parse(JSON.stringify(result.data ?? null)), codes: codesOf(result) }
}

function codesOf({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ originalError, message }) => (originalError instanceof Fault ? originalError.code : message))
}
