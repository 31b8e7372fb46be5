import type { FactRule } from '../agreements/terms.ts'
import type { FactCase } from './fact-case.ts'
import { referralCommissionShare } from './referral-commission-share.ts'
import type { RuleCalculator } from './rule-calculator.ts'

/** Every kind of rule has its calculator here: a kind that is added to the terms does not compile without one. */
const CALCULATORS = {
  REFERRAL_COMMISSION_SHARE: referralCommissionShare,
}

/** The calculator of a kind of rule; whoever uses it gives it only cases that it looks at. */
export function calculatorOf(kind: FactRule['kind']): RuleCalculator<FactRule, FactCase> {
  return CALCULATORS[kind as keyof typeof CALCULATORS] as unknown as RuleCalculator<FactRule, FactCase>
}
