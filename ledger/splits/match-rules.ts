import type { Span } from '../../kernel/month.ts'
import type { Rational } from '../../kernel/rational.ts'
import { type FactRule, isFactRule, type Rule, type TermsVersion } from '../agreements/terms.ts'
import { calculatorOf } from './calculators.ts'
import type { LineDetail, PassedOver } from './explanation.ts'
import type { FactCase } from './fact-case.ts'
import type { AnyRule } from './manual-adjustment.ts'
import type { Judging } from './rule-calculator.ts'

/** A rule as it stands in one version of the terms; what is given by hand has a place behind all of them. */
export type PlacedRule<R extends AnyRule = Rule> = {
  readonly terms: TermsVersion
  readonly place: number
  readonly rule: R
}

/** What one rule gives for one fact, before rounding. */
export type RuleMatch = {
  readonly placed: PlacedRule<FactRule>
  readonly window: Span | undefined
  readonly exact: Rational
  /** How it came about; asked for only where it is written down. */
  readonly detail: (() => LineDetail) | undefined
  /** Rules of the same terms that look at such facts and give nothing for this one. */
  readonly passedOver: readonly PassedOver[]
}

/** The rules of a version in the order in which facts meet them: by priority, equal ones by their place. */
export function rulesInOrder(terms: TermsVersion): readonly PlacedRule<FactRule>[] {
  const placed = terms.terms.rules.flatMap((rule, place) => (isFactRule(rule) ? [{ terms, place, rule }] : []))
  return placed.toSorted((a, b) => a.rule.priority - b.rule.priority || a.place - b.place)
}

/** The rules that match a fact of one agreement; after an exclusive one none does. Source: RULES §2. */
export function matchRules(
  rules: readonly PlacedRule<FactRule>[],
  fact: FactCase,
  judging: Judging,
): readonly RuleMatch[] {
  const matches: RuleMatch[] = []
  const passedOver: PassedOver[] = []
  let taken = false
  for (const placed of rules) {
    const { rule, place } = placed
    const calculator = calculatorOf(rule.kind)
    if (calculator?.looksAt !== fact.kind) continue
    const match = taken ? 'EXCLUSIVE' : calculator.match(rule, fact, judging)
    if (typeof match === 'string') {
      passedOver.push({ place: `${place}`, why: match })
      continue
    }
    const { detail } = calculator
    matches.push({
      placed,
      window: match.window,
      exact: calculator.earn(rule, fact, judging),
      detail: detail && (() => detail(rule, fact, judging)),
      passedOver,
    })
    taken = rule.exclusive
  }
  return matches
}
