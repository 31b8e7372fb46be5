import type { Id } from '../../kernel/ids.ts'
import type { Month } from '../../kernel/month.ts'

/** What is measured of a partner in a month; docs/rating.md says each. */
export const MEASURES = [
  ...(['AVAILABILITY', 'LATENCY', 'ERRORS', 'REPLAYS'] as const),
  ...(['ACKNOWLEDGEMENT', 'DELETIONS', 'KEYS', 'COMPLAINTS'] as const),
] as const
export type Measure = (typeof MEASURES)[number]

/** What a partner is found to be; `NOT_RATED` where too little was measured. */
export const GRADES = ['A', 'B', 'C', 'D', 'NOT_RATED'] as const
export type Grade = (typeof GRADES)[number]

/** How many of how many were good. Nothing was measured where there were none. */
export type Measurement = { readonly measure: Measure; readonly good: number; readonly all: number }

/** A measurement, what it gives, and how much that counts. */
export type Scored = Measurement & {
  /** Parts per million that were good; absent where nothing was measured. */
  readonly ppm: number | undefined
  /** 0 to 100; absent where nothing was measured: the others count for it. */
  readonly points: number | undefined
  readonly weight: number
}

/** How a partner fared in a month (UTC). */
export type Scorecard = {
  readonly id: Id<'scd'>
  readonly partner: Id<'ptr'>
  readonly month: Month
  /** 1, or one more for each correction. */
  readonly version: number
  readonly grade: Grade
  /** 0 to 100; absent where too little was measured. */
  readonly score: number | undefined
  readonly measures: readonly Scored[]
  /** Why it was rated anew. */
  readonly reason: string | undefined
  readonly ratedAt: Date
  readonly record: Id<'rec'>
}
