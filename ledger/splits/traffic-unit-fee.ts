import { rational } from '../../kernel/rational.ts'
import type { TrafficUnitFee } from '../agreements/terms.ts'
import type { TrafficCase } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { RuleCalculator } from './rule-calculator.ts'

/** `TRAFFIC_UNIT_FEE`: units · fee / 1000, whoever came. The rule's cap is applied with the limits. Source: RULES §3, W4. */
export const trafficUnitFee: RuleCalculator<TrafficUnitFee, TrafficCase> = {
  looksAt: 'TRAFFIC',
  match: (rule, { unit, about }) => {
    if (unit !== rule.unit) return 'UNIT'
    return passesFilter(rule.filter, about) ? { window: undefined } : 'FILTER'
  },
  earn: ({ feePerThousand }, { units }) => rational(units * feePerThousand, 1000n),
  detail: (_, { unit, units }) => ({ kind: 'TRAFFIC', unit, units: `${units}` }),
}
