import { z } from 'zod'

/** A point in time from outside: a `Date`, or RFC 3339 with its offset, e.g. `2026-01-01T00:00:00+08:00`. */
export type InstantInput = Date | string

const RFC_3339 = z.iso.datetime({ offset: true })
const EARLIEST = Date.parse('1970-01-01T00:00:00Z')
/** Exclusive. */
const LATEST = Date.parse('2200-01-01T00:00:00Z')
const NOT_AN_INSTANT = 'it is not a time such as 2026-01-31T08:00:00+08:00, from 1970 to 2199'

/** Reads a time inside a schema; finer parts than a millisecond are cut off. */
export function parseInstant(value: InstantInput, schema: z.core.$RefinementCtx): Date {
  const at = value instanceof Date ? value : new Date(RFC_3339.safeParse(value).success ? value : Number.NaN)
  if (at.getTime() >= EARLIEST && at.getTime() < LATEST) return at
  schema.addIssue(NOT_AN_INSTANT)
  return z.NEVER
}

/** A time given to a verb, as `Date` or text. */
export const instant = z.union([z.date(), z.string()], NOT_AN_INSTANT).transform(parseInstant)
