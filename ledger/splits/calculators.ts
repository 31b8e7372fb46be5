import type { FactRule } from '../agreements/terms.ts'
import { aumIncrementTiers } from './aum-increment-tiers.ts'
import { courseCompletion } from './course-completion.ts'
import type { FactCase } from './fact-case.ts'
import { pooledConversion } from './pooled-conversion.ts'
import { referralCommissionShare } from './referral-commission-share.ts'
import type { RuleCalculator } from './rule-calculator.ts'
import { serviceOutcome } from './service-outcome.ts'
import { trafficUnitFee } from './traffic-unit-fee.ts'

/** A calculator of rules and cases that are known by their kinds only: whoever calls it has looked at those. */
export type AnyCalculator = RuleCalculator<FactRule, FactCase>

/** Every kind of rule that can be settled has its calculator here. */
const CALCULATORS: ReadonlyMap<FactRule['kind'], AnyCalculator> = new Map([
  ['REFERRAL_COMMISSION_SHARE', anyOf(referralCommissionShare)],
  ['COURSE_COMPLETION', anyOf(courseCompletion)],
  ['AUM_INCREMENT_TIERS', anyOf(aumIncrementTiers)],
  ['TRAFFIC_UNIT_FEE', anyOf(trafficUnitFee)],
  ['SERVICE_OUTCOME', anyOf(serviceOutcome)],
  ['DATA_CONVERSION', anyOf(pooledConversion)],
  ['POOL_SPLIT', anyOf(pooledConversion)],
])

/** The calculator of a kind of rule; none of a kind that is not settled in money. */
export function calculatorOf(kind: FactRule['kind']): AnyCalculator | undefined {
  return CALCULATORS.get(kind)
}

/** Safe because a calculator is only asked about rules of its own kind, and cases that it looks at. */
function anyOf<R extends FactRule, C extends FactCase>(calculator: RuleCalculator<R, C>): AnyCalculator {
  return calculator as unknown as AnyCalculator
}
