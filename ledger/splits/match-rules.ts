import type { Span } from '../../kernel/month.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { Rule, TermsVersion } from '../agreements/terms.ts'
import { calculatorOf } from './calculators.ts'
import type { ReferredEvent } from './referred-event.ts'

/** A rule as it stands in one version of the terms. */
export type PlacedRule = { readonly terms: TermsVersion; readonly place: number; readonly rule: Rule }

/** What one rule gives for one fact, before rounding. */
export type RuleMatch = { readonly placed: PlacedRule; readonly window: Span; readonly exact: Rational }

/** The rules of a version in the order in which facts meet them: by priority, equal ones by their place. */
export function rulesInOrder(terms: TermsVersion): readonly PlacedRule[] {
  const placed = terms.terms.rules.map((rule, place) => ({ terms, place, rule }))
  return placed.toSorted((a, b) => a.rule.priority - b.rule.priority || a.place - b.place)
}

/** The rules that match a fact of one agreement; after an exclusive one none does. Source: RULES §2. */
export function matchRules(rules: readonly PlacedRule[], fact: ReferredEvent): readonly RuleMatch[] {
  const matches: RuleMatch[] = []
  for (const placed of rules) {
    const { rule, terms } = placed
    const calculator = calculatorOf(rule.kind)
    const match = calculator.match(rule, fact, terms.terms.timeZone)
    if (match === undefined) continue
    matches.push({ placed, window: match.window, exact: calculator.earn(rule, fact) })
    if (rule.exclusive) break
  }
  return matches
}
