import { type Rational, rational } from '../../kernel/rational.ts'
import type { FactRule } from '../agreements/terms.ts'
import { incrementOf } from './aum-increment-tiers.ts'
import type { AssetsCase, FactCase } from './fact-case.ts'

/**
 * What the limit over stacked rules is a share of, for a fact that these rules share: an event's amount, what a course has
 * come on at its price, what assets grew by (the most that one of the rules saw), a service's fee. Traffic has no money
 * behind it: nothing limits it. Source: RULES §3.
 */
export function limitBaseOf(fact: FactCase, rules: readonly FactRule[]): Rational | undefined {
  switch (fact.kind) {
    case 'EVENT':
      return rational(fact.event.minor)
    case 'COURSE':
      return rational(fact.price * (fact.done - fact.doneBefore), fact.units)
    case 'ASSETS':
      return rational(rules.reduce((most, rule) => larger(most, incrementFor(rule, fact)), 0n))
    case 'SERVICE':
      return rational(fact.fee)
    default:
      return undefined
  }
}

function incrementFor(rule: FactRule, fact: AssetsCase): bigint {
  return rule.kind === 'AUM_INCREMENT_TIERS' ? incrementOf(rule, fact) : 0n
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
