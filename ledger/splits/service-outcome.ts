import { PPM, rational } from '../../kernel/rational.ts'
import type { ServiceOutcome } from '../agreements/terms.ts'
import type { ServiceCase } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { RuleCalculator } from './rule-calculator.ts'

/** `SERVICE_OUTCOME`: fee · rate · the rate of the highest tier that the score reaches, else nothing. Source: RULES §3. */
export const serviceOutcome: RuleCalculator<ServiceOutcome, ServiceCase> = {
  looksAt: 'SERVICE',
  match: (rule, { about }) => (passesFilter(rule.filter, about) ? { window: undefined } : 'FILTER'),
  earn: (rule, { fee, score }) => rational(fee * rule.ratePpm * tierOf(rule, score), PPM * PPM),
  detail: (rule, { fee, score }) => ({
    kind: 'SERVICE',
    fee: `${fee}`,
    score: `${score}`,
    ppm: `${tierOf(rule, score)}`,
  }),
}

function tierOf({ scoreTiers }: ServiceOutcome, score: bigint): bigint {
  return scoreTiers.findLast(({ minScore }) => minScore <= score)?.ppm ?? 0n
}
