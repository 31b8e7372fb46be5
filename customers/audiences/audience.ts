import type { Id } from '../../kernel/ids.ts'

/** One condition: a tag, coarsely, and the values of which one is to be met. */
export type AudienceCondition = {
  readonly tag: string
  readonly granularity: 'band' | 'flag'
  readonly values: readonly string[]
}

/** What a partner is told of a number of customers. */
export type AudienceCount = {
  /** Rounded down to a multiple of five; absent where it was suppressed. */
  readonly count: number | undefined
  readonly suppressed: boolean
  /** Of when the customers and their values are. */
  readonly frozenAt: Date
  /** When they are looked at anew. */
  readonly until: Date
  /** How many further questions may be asked until then. */
  readonly questionsLeft: number
}

/** A question that was asked, for compliance. */
export type AudienceQuestion = {
  readonly id: Id<'adq'>
  readonly partnerId: Id<'ptr'>
  readonly purpose: string
  readonly conditions: readonly AudienceCondition[]
  readonly count: number | undefined
  readonly askedAt: Date
}

/** Different questions that a partner may ask for one purpose until its customers are looked at anew. */
export const QUESTIONS_IN_COHORT = 50
/** How long those who are counted stay the same. */
export const COHORT_DAYS = 7
/** To what numbers are rounded down. */
export const ROUNDED_TO = 5
