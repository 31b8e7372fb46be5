import { z } from 'zod'
import { LARGEST_GIVEN } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'

export const MOST_DAYS = 36_500
const PPM = 1_000_000n
const MOST_POINTS = 1_000_000_000_000n
const NOT_WHOLE = 'it is not a whole number'

/** A whole number as bigint, given as a number or as text. */
export function whole(smallest: bigint, largest: bigint): z.ZodType<bigint, number | string> {
  return z
    .union(
      [z.int(NOT_WHOLE).meta(boundsOf(smallest, largest)), z.string().regex(/^(?:0|-?[1-9][0-9]{0,37})$/, NOT_WHOLE)],
      NOT_WHOLE,
    )
    .transform(BigInt)
    .refine((value) => value >= smallest && value <= largest, `it is not from ${smallest} to ${largest}`)
}

/** What a JSON Schema says of a number; beyond what a float holds exactly, only text is exact. */
function boundsOf(smallest: bigint, largest: bigint): { readonly minimum: number; readonly maximum: number } {
  const most = BigInt(Number.MAX_SAFE_INTEGER)
  return { minimum: Number(smallest), maximum: Number(largest < most ? largest : most) }
}

/** A whole number that counts something and stays small. */
export function small(smallest: number, largest: number): z.ZodType<number, number | string> {
  return whole(BigInt(smallest), BigInt(largest)).transform(Number)
}

/** Parts per million, of up to a whole. */
export const ppm = whole(0n, PPM)
/** Minor units of the terms' asset. */
export const amount = whole(0n, LARGEST_GIVEN)
/** Whole points. */
export const points = whole(0n, MOST_POINTS)
/** Days of 24 hours. */
export const days = small(0, MOST_DAYS)
/** Names that a filter lets pass. */
export const texts = z.array(lineOfText(200)).max(1000)
