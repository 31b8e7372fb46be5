import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import type { FactCase } from '../splits/fact-case.ts'

/** Facts of one programme in a span of time, usually a period; nothing in it depends on the time at which it is read. */
export type FactScope = Span & {
  readonly programme: Id<'prg'>
  /** How far paths look back by terms that are tried, in whole days: they are in force at all times, instead of all others. */
  readonly lookbackDays?: number
  /** Whose cases alone are read. Touches of others are in no path then, so it is for rules that look at no pool. */
  readonly partner?: Id<'ptr'>
  /** Refunds before this time of events of the span count too, though they came after it: for a period that is locked. */
  readonly refundsUntil?: Date
  /** Of those, only the ones that came within so many days of 24 hours after what they refund; else all. */
  readonly clawbackDays?: number
}

/** Which cases are read: kinds that no rule in force looks at cost nothing, nor do paths that none needs. */
export type CaseScope = FactScope & {
  readonly kinds: ReadonlySet<FactCase['kind']>
  /** Whether events carry the touches before them, and are cases of those who touched, too. */
  readonly paths: boolean
}

/** The order of kinds among one partner's cases. */
export const CASE_KINDS = [
  'EVENT',
  'COURSE',
  'ASSETS',
  'TRAFFIC',
  'SERVICE',
  'REFERRAL',
] as const satisfies readonly FactCase['kind'][]
