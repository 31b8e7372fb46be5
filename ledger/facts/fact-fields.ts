import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { type Asset, believable, parseDecimal, parseMinor } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'

const LATEST_AHEAD_MS = 5 * 60_000
const CONTROL_FREE = /^[^\p{Cc}]+$/u

/** A key that another system gave; it is kept to the byte. */
export function keyText(longest: number): z.ZodType<string, string> {
  return z
    .string()
    .min(1, 'it is empty')
    .max(longest, `it has more than ${longest} characters`)
    .regex(CONTROL_FREE, 'it has control characters')
    .refine((text) => text.isWellFormed(), 'it is not well-formed text')
}

/** A field that may be absent or null. */
export function optional<Output, Input>(schema: z.ZodType<Output, Input>): OptionalField<Output, Input> {
  return schema.nullish().transform((value) => value ?? undefined)
}

type OptionalField<Output, Input> = z.ZodType<Output | undefined, Input | null | undefined>

export const externalId = keyText(200)
export const label = lineOfText(100)

/** RFC 3339 with its offset; inside the program also a `Date`. */
export const occurredAt = z.preprocess(
  (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value),
  z.iso.datetime({ offset: true, error: 'it is not a time such as 2026-01-31T08:00:00+08:00' }).transform(parseInstant),
)

const NOT_WHOLE = 'it is not a whole number'
const wholeNumber = z
  .union([z.int(), z.string().regex(/^-?(?:0|[1-9][0-9]{0,37})$/)], NOT_WHOLE)
  .transform((value) => String(value))

const MOST = 1_000_000_000_000

/** How many, or how much: a whole number of up to a million million. */
export const count = z
  .union([z.int().max(MOST), z.string().regex(/^-?(?:0|[1-9][0-9]{0,11})$/)], `${NOT_WHOLE} of up to 12 digits`)
  .transform((value) => String(value))

/** An amount as decimal text (`12.50`) or in whole minor units (`1250`). */
export const amountFields = { amount: optional(z.string().max(60)), minor: optional(wholeNumber) }

/** Minor units out of exactly one of the two amounts, exactly. Throws `INVALID_INPUT`. */
export function minorOf(
  { amount, minor }: { readonly amount?: string | undefined; readonly minor?: string | undefined },
  asset: Asset,
): bigint {
  if ((amount === undefined) === (minor === undefined)) {
    throw new Fault('INVALID_INPUT', 'give either amount or minor', { field: 'amount' })
  }
  if (amount === undefined) return believable(parseMinor(minor ?? ''), 'minor')
  return believable(decimalOf(amount, asset), 'amount')
}

function decimalOf(amount: string, asset: Asset): bigint {
  try {
    return parseDecimal(amount, asset)
  } catch (error) {
    if (error instanceof Fault) throw new Fault(error.code, error.message, { field: 'amount', cause: error })
    throw error
  }
}

/** Throws `INVALID_INPUT` for a fact that lies more than five minutes ahead: clocks differ, days do not. */
export function refuseFuture(at: Date, now: Date): void {
  if (at.getTime() - now.getTime() <= LATEST_AHEAD_MS) return
  throw new Fault('INVALID_INPUT', 'occurredAt: it lies in the future', { field: 'occurredAt' })
}
