import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import { isFactRule, type TermsVersion } from '../agreements/terms.ts'
import type { CaseScope, FactScope } from '../facts/case-scope.ts'
import { calculatorOf } from '../splits/calculators.ts'
import { isPoolRule, type PoolRule } from '../splits/pool-rule.ts'

/** The facts of one programme's period: where they are read, always at one snapshot, and what governs them. */
export type ProgrammeFacts = {
  readonly sql: Reader
  readonly programme: Id<'prg'>
  readonly span: Span
  readonly terms: readonly TermsVersion[]
  /** Those who accrue; what falls to others stays with the house. */
  readonly agreements: ReadonlySet<Id<'agr'>>
  /** Of a locked period: until when refunds of its events count, and how long after those. */
  readonly refunds?: { readonly until: Date; readonly clawbackDays: number }
  /** Whether the only version in `terms` is tried: it governs all of it, whatever was in force at whatever time. */
  readonly trial?: boolean
  /** Whose facts alone are read, where no rule looks at what others do. */
  readonly partner?: Id<'ptr'> | undefined
}

/** Versions begin with a period, so one version is in force in all of it. Before the first, nothing is settled. */
export function termsIn(terms: readonly TermsVersion[], { from }: Span): TermsVersion | undefined {
  return terms.findLast(({ effectiveFrom }) => effectiveFrom <= from)
}

export function factScope({ programme, span, terms, trial, partner, refunds }: ProgrammeFacts): FactScope {
  const tried = trial === true ? terms[0] : undefined
  return {
    programme,
    from: span.from,
    to: span.to,
    ...(tried && { lookbackDays: tried.terms.lookbackDays }),
    ...(partner && { partner }),
    ...(refunds && { refundsUntil: refunds.until, clawbackDays: refunds.clawbackDays }),
  }
}

/** What is read for a period: no more than its rules look at, those of older terms too, whose windows may be open. */
export function caseScope(facts: ProgrammeFacts): CaseScope {
  const begun = facts.terms.filter(({ effectiveFrom }) => effectiveFrom < facts.span.to)
  const rules = begun.flatMap(({ terms }) => terms.rules).filter(isFactRule)
  const kinds = new Set(rules.flatMap(({ kind }) => calculatorOf(kind)?.looksAt ?? []))
  return { ...factScope(facts), kinds, paths: poolRulesOf(facts).length > 0 }
}

/** The rules in force that share conversions among those who touched the customer before. */
export function poolRulesOf({ terms, span }: ProgrammeFacts): readonly PoolRule[] {
  return termsIn(terms, span)?.terms.rules.filter(isPoolRule) ?? []
}
