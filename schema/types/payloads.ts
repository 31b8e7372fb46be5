import type { ObjectRef } from '@pothos/core'
import { Fault } from '../../kernel/fault.ts'
import type { FaultKind } from '../../kernel/fault-codes.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'

/** Why a mutation did nothing, for people and programs. */
export type UserError = { readonly code: string; readonly field: string | undefined; readonly message: string }

/** What a mutation gives: the thing, or why there is none. */
export type Payload<T> = { readonly value: T | undefined; readonly userErrors: readonly UserError[] }

/** Why a mutation did nothing. */
export const userErrorType = builder.objectRef<UserError>('UserError').implement({
  description: 'Why a mutation did nothing.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code.' }),
    field: t.exposeString('field', { nullable: true, description: 'Path of the input field at fault, dotted.' }),
    message: t.exposeString('message', { description: 'What is wrong, in a sentence.' }),
  }),
})

const TOLD_IN_PAYLOAD: ReadonlySet<FaultKind> = new Set(['invalid', 'not_found', 'conflict', 'precondition'])

/** Runs a verb for a mutation: what the user can mend becomes a user error, any other fault is thrown. */
export async function payloadOf<T>(work: () => Promise<T>): Promise<Payload<T>> {
  try {
    return { value: await work(), userErrors: [] }
  } catch (error) {
    if (!(error instanceof Fault && TOLD_IN_PAYLOAD.has(error.kind))) throw error
    const { code, field, message } = error
    return { value: undefined, userErrors: [{ code, field, message }] }
  }
}

/** A payload type with the thing under its own name. */
export function payloadType<T>(
  name: string,
  thing: {
    readonly field: string
    readonly type: ObjectRef<GraphTypesOf, T>
    readonly subGraphs: readonly GraphName[]
  },
): ObjectRef<GraphTypesOf, Payload<T>> {
  return builder.objectRef<Payload<T>>(name).implement({
    description: `What ${name.replace(/Payload$/, '')} did.`,
    subGraphs: [...thing.subGraphs],
    fields: (t) => ({
      [thing.field]: t.field({
        type: thing.type,
        nullable: true,
        description: 'The outcome; absent when there are user errors.',
        resolve: ({ value }) => value as never,
      }),
      userErrors: t.field({
        type: [userErrorType],
        description: 'Why nothing was done; empty when it was.',
        resolve: ({ userErrors }) => userErrors,
      }),
    }),
  })
}

type GraphTypesOf = (typeof builder)['$inferSchemaTypes']
