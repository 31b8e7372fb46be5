import { PPM, type Rational, rational, timesPpm } from '../../kernel/rational.ts'
import type { DataConversion, PoolSplit, Rule } from '../agreements/terms.ts'
import type { PathTouch, RevenueFact } from './fact-case.ts'
import { isListed, passesFilter } from './filter.ts'

/** A rule that gives a part of each conversion to the members who touched the customer before it. */
export type PoolRule = DataConversion | PoolSplit

/** What is known of a rule's conversions in a whole period, where a model or a tier asks for that. */
export type PoolSurvey = {
  /** Σ of the conversions' values, refunds included. */
  readonly value: bigint
  /** By the partner's code; who touched nobody is not in it. */
  readonly partners: ReadonlyMap<string, PartnerSurvey>
}

export type PartnerSurvey = {
  /** The partner's part of the period's pool, by a model of the period: its weight over the sum of all. */
  readonly share: Rational
  /** Conversions that it touched: how many lines that is, and Σ of their values. */
  readonly lines: number
  readonly value: bigint
  /** Of the paths with its touch, the parts per million that ended in a conversion; rounded down. */
  readonly conversionPpm: bigint
}

export function isPoolRule(rule: Rule): rule is PoolRule {
  return rule.kind === 'DATA_CONVERSION' || rule.kind === 'POOL_SPLIT'
}

/** Whether a rule has to be told of the whole period before it can judge one conversion. */
export function needsSurvey(rule: PoolRule): boolean {
  return rule.attribution.model === 'MARKOV' || (rule.kind === 'DATA_CONVERSION' && rule.rateTiers !== undefined)
}

/** Whether an event passes what a rule asks of the event itself: base, category, product, market. */
export function passesAsEvent(rule: PoolRule, event: RevenueFact): 'BASE' | 'FILTER' | undefined {
  if (event.base !== rule.base) return 'BASE'
  const { campaign: _, ...filter } = rule.filter
  return passesFilter(filter, { ...event, campaign: undefined }) ? undefined : 'FILTER'
}

/** Whether a touch is one of a rule: of data where the rule pays for data, and of the campaigns that its filter lists. */
export function isTouchOf(rule: PoolRule, { data, campaign }: Pick<PathTouch, 'data' | 'campaign'>): boolean {
  return isListed(rule.filter.campaign, campaign) && (data || rule.kind === 'POOL_SPLIT')
}

/** Codes of the members who touched. */
export function membersOf(touches: readonly PathTouch[]): ReadonlySet<string> {
  return new Set(touches.map(({ partner }) => partner))
}

/** What the members get of a value before the house has its part, at the rate of a partner. */
export function pooled(rule: PoolRule, value: bigint, partner: PartnerSurvey | undefined): Rational {
  return timesPpm(value, rateOf(rule, partner))
}

/** The rate that is applied to a conversion's value, in ppm. */
export function rateOf(rule: PoolRule, partner: PartnerSurvey | undefined): bigint {
  if (rule.kind === 'POOL_SPLIT') return rule.poolPpm
  const reached = partner?.conversionPpm ?? 0n
  return rule.rateTiers?.findLast(({ minConversionPpm }) => minConversionPpm <= reached)?.ppm ?? rule.ratePpm
}

/** What is left of a pool when the house has had its part. */
export function leftByHouse(rule: PoolRule): Rational {
  return rational(rule.kind === 'POOL_SPLIT' ? PPM - rule.housePpm : PPM, PPM)
}
