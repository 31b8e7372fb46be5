import type { Span } from '../../kernel/month.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { FactRule } from '../agreements/terms.ts'
import type { LineDetail, Reason } from './explanation.ts'
import type { FactCase } from './fact-case.ts'
import type { PoolRule, PoolSurvey } from './pool-rule.ts'

/** What a case is judged in. */
export type Judging = {
  /** Code of the agreement's partner. */
  readonly partner: string
  readonly timeZone: string
  /** What is known of the whole period, by the rules that ask for it. */
  readonly surveys?: ReadonlyMap<PoolRule, PoolSurvey> | undefined
}

/** That filter and window of a rule passed for a case, and the window that was tested. */
export type Match = { readonly window: Span | undefined }

/**
 * What one kind of rule knows; everything after it is common to all kinds: priorities and exclusive rules
 * (`match-rules.ts`), caps and limits on exact sums (`limits.ts`), one rounding and the lines (`split-agreement.ts`).
 * Each case that a kind looks at is one line; a kind that looks at a pool gives each line its part of it.
 */
export type RuleCalculator<R extends FactRule, C extends FactCase> = {
  /** The kind of cases that it looks at; all others are none of its business. */
  readonly looksAt: C['kind']
  /** Whether filter and window pass, or why not. A rule that matches may still earn zero. */
  readonly match: (rule: R, fact: C, judging: Judging) => Match | Reason
  /** The exact amount of a case that matched. */
  readonly earn: (rule: R, fact: C, judging: Judging) => Rational
  /** How that amount came about, as data; absent where facts and window say it all. */
  readonly detail?: (rule: R, fact: C, judging: Judging) => LineDetail
}
