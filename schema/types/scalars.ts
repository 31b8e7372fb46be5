import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder, GRAPHS } from '../builder.ts'

const time = z.iso.datetime({ offset: true })
const EARLIEST = new Date('1970-01-01T00:00:00Z')
/** Exclusive. */
const LATEST = new Date('2200-01-01T00:00:00Z')

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
  if (at !== undefined && at >= EARLIEST && at < LATEST) return at
  throw invalid('it is not a time such as 2026-01-31T08:00:00+08:00, from 1970 to 2199')
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } })
}
