import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder, GRAPHS } from '../builder.ts'

const time = z.iso.datetime({ offset: true })

builder.scalarType('DateTime', {
  description: 'An instant, RFC 3339: given with any offset, answered in UTC.',
  subGraphs: [...GRAPHS],
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue: parseTime,
})

builder.scalarType('JSON', {
  description: 'Plain data that programs read, such as an explanation. Integers that may be large are text.',
  subGraphs: [...GRAPHS],
  serialize: (value) => value,
  parseValue: () => {
    throw invalid('JSON is only ever an answer')
  },
})

function parseTime(value: unknown): Date {
  const parsed = time.safeParse(value)
  const at = parsed.success ? new Date(parsed.data) : undefined
  if (at === undefined || Number.isNaN(at.getTime()))
    throw invalid('it is not a time such as 2026-01-31T08:00:00+08:00')
  return at
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } })
}
