import type { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'

const LONGEST_PATH = 200

/**
 * Parses what came from outside with a schema. Throws `INVALID_INPUT` with the path of the first fault; a member that is
 * not known is a fault at its own path. What was given is never repeated, save the names of members.
 */
export function parseExactly<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  invariant(issue, 'what does not parse has an issue')
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  throw invalid(what, [...issue.path, ...unknown], unknown.length > 0 ? 'this field is not known' : issue.message)
}

/** The fault at a path in what was given. */
export function invalid(what: string, path: readonly PropertyKey[], why: string): Fault {
  const field = path.map(String).join('.').slice(0, LONGEST_PATH).toWellFormed()
  return field === ''
    ? new Fault('INVALID_INPUT', `${what}: ${why}`)
    : new Fault('INVALID_INPUT', `${what}: ${field}: ${why}`, { field })
}
