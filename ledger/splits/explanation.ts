import type { AnyRule } from './manual-adjustment.ts'

/**
 * An exact number in lowest terms, as it is kept: integers as text. Where its denominator has more than a thousand digits
 * it is told to 18 decimals, cut off.
 */
export type ExactText =
  | { readonly numerator: string; readonly denominator: string; readonly about?: never }
  | { readonly about: string }

/** A value of terms as an explanation has it: amounts and rates, which are of any size, as text. */
export type Told<T> = T extends bigint
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Told<T[Key]> }
      : T

/** Why a rule gave what it gave in a period. Amounts are minor units; integers are text, times RFC 3339 in UTC. */
export type RuleExplanation = {
  /** With its place within the terms' rules, from 0. */
  readonly rule: Told<AnyRule> & { readonly place: number }
  readonly terms: { readonly version: number; readonly hash: string }
  readonly lines: number
  /** Σ of the exact amounts of the lines, before caps and limits. Not for partners. */
  readonly exact?: ExactText
  readonly adjustments: readonly AdjustmentExplanation[]
  readonly rounding: 'HALF_TO_EVEN_ONCE'
  readonly total: string
  readonly forgone: string
  /**
   * Of a rule of a locked month: what was settled of it so far, what it comes to now, and the month. Total and forgone are
   * differences, lines those that changed; exact sum and adjustments are of the month as it is now.
   */
  readonly correction?: { readonly month: string; readonly settled: string; readonly now: string }
}

/** A cap or limit that changed the total; the exact sums before it are not for partners. */
export type AdjustmentExplanation =
  | {
      readonly kind: 'RULE_CAP'
      readonly cap: string
      readonly after: string
      readonly sums?: { readonly before: ExactText }
    }
  | {
      readonly kind: 'STACKED_LIMIT'
      readonly maxSharePpm: string
      readonly after: string
      readonly sums?: {
        readonly base: ExactText
        readonly together: ExactText
        readonly allowed: string
        readonly before: ExactText
      }
    }
  | {
      readonly kind: 'AGREEMENT_CAP'
      readonly cap: string
      readonly after: string
      readonly sums?: { readonly together: ExactText; readonly before: ExactText }
    }

/** Why a rule gave nothing for a fact that it looks at; `EXCLUSIVE`: an earlier rule had it for itself. */
export type Reason = 'BASE' | 'FILTER' | 'WINDOW' | 'UNIT' | 'NO_DATA' | 'NO_REFERRAL' | 'NO_TOUCH' | 'EXCLUSIVE'

/** A rule that looks at such facts and gave nothing for this one: its place within the terms, from 0, and why. */
export type PassedOver = { readonly place: string; readonly why: Reason }

/** A part of an amount that a tier took. */
export type TierPart = {
  readonly upTo?: string
  readonly ppm: string
  readonly amount: string
  readonly exact: ExactText
}

/** What a line of one kind has besides facts and window. */
export type LineDetail =
  | {
      readonly kind: 'COURSE'
      readonly course: string
      readonly price: string
      readonly units: string
      readonly done: string
      /** Rounded, up to the period's end and up to its start: the line has the difference. */
      readonly cumulative: string
      readonly givenBefore: string
      readonly enrolledAt: string
    }
  | {
      readonly kind: 'ASSETS'
      readonly basis: 'BALANCE' | 'NET_FLOWS'
      /** What the increment is above; absent without one. */
      readonly above?: { readonly what: 'MARK' | 'START'; readonly minor: string; readonly at: string }
      readonly end?: { readonly minor: string; readonly at: string }
      readonly flows?: { readonly minor: string; readonly facts: string }
      readonly increment: string
      readonly tiers: readonly TierPart[]
    }
  | { readonly kind: 'TRAFFIC'; readonly unit: string; readonly units: string }
  | { readonly kind: 'SERVICE'; readonly fee: string; readonly score: string; readonly ppm: string }
  | {
      readonly kind: 'CONVERSION'
      /** The rate that was applied to the conversion's value. */
      readonly ppm: string
      /** The partner's own touches, oldest first. */
      readonly touches: readonly { readonly externalId: string; readonly ageDays: string }[]
      /** All touches, and how many members they are of. */
      readonly touchCount: string
      readonly members: string
      /** The partner's part of the conversion or, by a model of the period, of the period's pool. */
      readonly share: ExactText
      readonly of: 'CONVERSION' | 'PERIOD'
      /** The partner's conversion rate, where the rule has tiers for it. */
      readonly conversionPpm?: string
    }
  | { readonly kind: 'POINTS'; readonly nth: string; readonly points: string; readonly beneficiary: string }
  | { readonly kind: 'OVERRIDE'; readonly child: string }
  | { readonly kind: 'GUARANTEE'; readonly guaranteed: string; readonly earned: string }
  | { readonly kind: 'ADJUSTMENT'; readonly adjustment: string; readonly approvedAt: string }

/** The facts behind one line, the window that was tested, and the exact amount before the rule's one rounding. */
export type LineExplanation = {
  /** The partner's own; none where a rule looks at what others earn. */
  readonly contribution?: { readonly id: string; readonly externalId: string; readonly at: string }
  readonly event?: {
    readonly id: string
    readonly source: string
    readonly externalId: string
    readonly at: string
    readonly base: string
    /** The base amount. */
    readonly minor: string
    /** Of a refund that came after the month of what it refunds: when that happened, at which it is judged. */
    readonly refunds?: string
  }
  /** Half-open; the event's time lies in it. */
  readonly window?: { readonly from: string; readonly to: string }
  readonly detail?: LineDetail
  readonly exact: ExactText
  readonly passedOver?: readonly PassedOver[]
  /** Of a line of a locked month: its amount so far and now. The line has the difference. */
  readonly correction?: LineCorrection
}

/**
 * Why a line of a locked month differs. `APPORTIONED`: its own exact amount is what it was, the rule's total is shared anew.
 * `GONE`: by what is known now there is no such line; exact and all else tell what it was.
 */
export type LineCorrection = {
  readonly why: 'NEW' | 'CHANGED' | 'APPORTIONED' | 'GONE'
  readonly settled: string
  readonly now: string
}
