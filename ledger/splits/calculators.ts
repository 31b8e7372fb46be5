import type { Rule } from '../agreements/terms.ts'
import { referralCommissionShare } from './referral-commission-share.ts'
import type { RuleCalculator } from './rule-calculator.ts'

type RuleOf<K extends Rule['kind']> = Extract<Rule, { readonly kind: K }>

/** Every kind of rule has its calculator here: a kind that is added to the terms does not compile without one. */
const CALCULATORS: { readonly [K in Rule['kind']]: RuleCalculator<RuleOf<K>> } = {
  REFERRAL_COMMISSION_SHARE: referralCommissionShare,
}

/** The calculator of a kind of rule. */
export function calculatorOf<K extends Rule['kind']>(kind: K): RuleCalculator<RuleOf<K>> {
  return CALCULATORS[kind]
}
