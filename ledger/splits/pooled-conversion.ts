import { invariant } from '../../kernel/invariant.ts'
import { add, multiply, type Rational, rational, reduce } from '../../kernel/rational.ts'
import { shareConversion } from './attribution/shares.ts'
import type { PathModel } from './attribution/touch-weights.ts'
import { exactText } from './exact-text.ts'
import type { LineDetail } from './explanation.ts'
import type { EventCase, PathTouch } from './fact-case.ts'
import {
  isTouchOf,
  leftByHouse,
  membersOf,
  type PartnerSurvey,
  type PoolRule,
  passesAsEvent,
  pooled,
  rateOf,
} from './pool-rule.ts'
import type { Judging, RuleCalculator } from './rule-calculator.ts'

/**
 * `DATA_CONVERSION` and `POOL_SPLIT`: what the partner's touches before a conversion give it of that conversion's value.
 * The period's pool is rounded once over all partners (`gather-pools.ts`). Source: RULES §3 and §4.
 */
export const pooledConversion: RuleCalculator<PoolRule, EventCase> = {
  looksAt: 'EVENT',
  match: (rule, fact, judging) => {
    const why = passesAsEvent(rule, fact.event)
    if (why !== undefined) return why
    return touchesOf(rule, fact).some(({ partner }) => partner === judging.partner) ? { window: undefined } : 'NO_TOUCH'
  },
  earn: (rule, fact, judging) => multiply(grossOf(rule, fact, judging), leftByHouse(rule)),
  detail: detailOf,
}

/** The partner's exact part of the pool by one conversion that matched, before the house has its part. */
export function grossOf(rule: PoolRule, fact: EventCase, judging: Judging): Rational {
  const survey = surveyOf(rule, judging)
  const { share, value } = shareOf(rule, fact, judging)
  return reduce(multiply(pooled(rule, value, survey), share))
}

/** The partner's share, and what it is a share of. */
function shareOf(
  rule: PoolRule,
  fact: EventCase,
  judging: Judging,
): { readonly share: Rational; readonly value: bigint; readonly of: 'CONVERSION' | 'PERIOD' } {
  const { attribution } = rule
  const { minor } = fact.event
  const touches = touchesOf(rule, fact)
  if (attribution.model === 'MARKOV') {
    const survey = judging.surveys?.get(rule)
    const partner = survey?.partners.get(judging.partner)
    invariant(survey && partner, 'a conversion is in the survey of its period')
    // the lines of a partner sum to its part of the pool, also when refunds bring their values down to nothing
    const line = partner.value === 0n ? rational(1n, BigInt(partner.lines)) : rational(minor, partner.value)
    return { share: multiply(partner.share, line), value: survey.value, of: 'PERIOD' }
  }
  if (attribution.model === 'SHAPLEY') {
    // in the game of the converting sets a set's value goes to its members in equal parts
    return { share: rational(1n, BigInt(membersOf(touches).size)), value: minor, of: 'CONVERSION' }
  }
  return { share: shareByTouches(attribution, touches, judging.partner), value: minor, of: 'CONVERSION' }
}

/** By a model that weighs touches: the sum of what the partner's own are of one conversion. */
function shareByTouches(model: PathModel, touches: readonly PathTouch[], partner: string): Rational {
  const parts = shareConversion(model, { pool: rational(1n), touches })
  const own = parts.filter((_, place) => touches[place]?.partner === partner)
  return reduce(own.reduce(add, rational(0n)))
}

function touchesOf(rule: PoolRule, { path }: EventCase): readonly PathTouch[] {
  return path?.filter((touch) => isTouchOf(rule, touch)) ?? []
}

function surveyOf(rule: PoolRule, { surveys, partner }: Judging): PartnerSurvey | undefined {
  return surveys?.get(rule)?.partners.get(partner)
}

function detailOf(rule: PoolRule, fact: EventCase, judging: Judging): LineDetail {
  const touches = touchesOf(rule, fact)
  const survey = surveyOf(rule, judging)
  const { share, of } = shareOf(rule, fact, judging)
  return {
    kind: 'CONVERSION',
    ppm: `${rateOf(rule, survey)}`,
    touches: touches
      .filter(({ partner }) => partner === judging.partner)
      .map(({ externalId, ageDays }) => ({ externalId, ageDays: `${ageDays}` })),
    touchCount: `${touches.length}`,
    members: `${membersOf(touches).size}`,
    share: exactText(share),
    of,
    ...(rule.kind === 'DATA_CONVERSION' && rule.rateTiers && { conversionPpm: `${survey?.conversionPpm ?? 0n}` }),
  }
}
