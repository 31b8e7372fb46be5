import { z } from 'zod'
import { Fault } from '../kernel/fault.ts'
import { type Id, type IdPrefix, isId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import type { RecordBody } from './record-body.ts'

/**
 * Reads what a record says with the schema of its kind. Throws `INVALID_INPUT` that names the record: it was not written by
 * a verb of this version.
 */
export function parseRecordData<T extends z.ZodType>(schema: T, body: RecordBody): z.output<T> {
  try {
    return parseWith(schema, body.data, 'data')
  } catch (cause) {
    throw notUnderstood(body, cause)
  }
}

/** The fault of a record that no verb of this version wrote. */
export function notUnderstood({ id, kind }: RecordBody, cause?: unknown): Fault {
  return new Fault('INVALID_INPUT', `record ${id} of kind ${kind} is not understood`, { cause })
}

/** An id in a record's data. */
export function idText<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>> {
  return z.string().refine((text): text is Id<P> => isId(prefix, text), 'it is no id')
}

/** A count in a record's data, where integers are text. */
export const wholeNumber: z.ZodType<number> = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,14})$/, 'it is no whole number')
  .transform(Number)

/** A time in a record's data, in UTC as records are written. */
export const timeText: z.ZodType<Date> = z.iso.datetime().transform((text) => new Date(text))
