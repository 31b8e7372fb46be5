import { z } from 'zod'
import { Fault } from './fault.ts'

/**
 * Parses what came from outside with a schema. Throws `INVALID_INPUT` that names the first field at fault; the value itself
 * is never repeated, it may be a secret or personal.
 */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  const place = field === '' ? what : `${what}: ${field}`
  throw new Fault('INVALID_INPUT', `${place}: ${issue?.message ?? 'not understood'}`, field === '' ? {} : { field })
}

/** A whole number from 0 that came as text, since it may be large. Throws `INVALID_INPUT` with the field's name. */
export function parseCount(text: string, field: string): number {
  const value = Number(text)
  if (/^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(value)) return value
  throw new Fault('INVALID_INPUT', `${field}: it is not a whole number from 0`, { field })
}

/** One line of text for people, trimmed: 1 to `longest` characters, none of them a control character or half of a pair. */
export function lineOfText(longest: number): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .min(1, 'it is empty')
    .max(longest, `it has more than ${longest} characters`)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'it has characters that no line of text has')
}
