import type { Span } from '../../kernel/month.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { Rule } from '../agreements/terms.ts'
import type { ReferredEvent } from './referred-event.ts'

/** That filter and window of a rule passed for a fact, and the window that was tested. */
export type Match = { readonly window: Span }

/**
 * What one kind of rule knows; everything after it is common to all kinds: priorities and exclusive rules
 * (`match-rules.ts`), caps and limits on exact sums (`limits.ts`), one rounding and the lines (`split-agreement.ts`).
 * A kind that earns per fact is a calculator of this form. A kind that earns per case (a course, a customer's assets) or
 * per pool gathers its matches first, and hands the same exact lines on.
 */
export type RuleCalculator<R extends Rule> = {
  /** Whether filter and window pass. A rule that matches may still earn zero. */
  readonly match: (rule: R, fact: ReferredEvent, timeZone: string) => Match | undefined
  /** The exact amount of a fact that matched. */
  readonly earn: (rule: R, fact: ReferredEvent) => Rational
}
