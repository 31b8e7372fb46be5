import { PPM, rational } from '../../kernel/rational.ts'
import { streamConversions } from '../facts/store/conversions.ts'
import { streamUnconverted } from '../facts/stream-unconverted.ts'
import { type Journeys, removalEffects } from '../splits/attribution/markov.ts'
import { sharesOfWeights } from '../splits/attribution/shares.ts'
import type { PathTouch, RevenueFact } from '../splits/fact-case.ts'
import {
  isTouchOf,
  membersOf,
  needsSurvey,
  type PartnerSurvey,
  type PoolRule,
  type PoolSurvey,
  passesAsEvent,
} from '../splits/pool-rule.ts'
import { factScope, type ProgrammeFacts, poolRulesOf } from './programme-facts.ts'

type Counts = { lines: number; value: bigint; converted: bigint; paths: bigint }

/** What is counted of one rule; paths with the same touches are one journey. */
type Counted = {
  readonly rule: PoolRule
  value: bigint
  readonly partners: Map<string, Counts>
  readonly journeys: Map<string, Journeys & { conversions: number; withoutConversion: number }>
}

/**
 * Surveys the period for the rules in force that have to know all of it: a model of the period, or tiers by conversion
 * rate. Other rules cost nothing here. Journeys over the same touches are counted, not kept. Source: RULES §4.
 */
export async function surveyPools(facts: ProgrammeFacts): Promise<ReadonlyMap<PoolRule, PoolSurvey>> {
  const rules = poolRulesOf(facts).filter(needsSurvey)
  const surveys = new Map<PoolRule, PoolSurvey>()
  const counted = rules.map((rule): Counted => ({ rule, value: 0n, partners: new Map(), journeys: new Map() }))
  if (counted.length === 0) return surveys
  for await (const conversions of streamConversions(facts.sql, factScope(facts))) {
    for (const { event, path } of conversions) for (const one of counted) countConversion(one, event, path)
  }
  for (const one of counted) await countUnconverted(facts, one)
  for (const one of counted) surveys.set(one.rule, surveyOf(one))
  return surveys
}

function countConversion(counted: Counted, event: RevenueFact, path: readonly PathTouch[]): void {
  const { rule } = counted
  const touches = path.filter((touch) => isTouchOf(rule, touch))
  if (touches.length === 0 || passesAsEvent(rule, event) !== undefined) return
  counted.value += event.minor
  // a refund takes value back; that its customer had come, it does not
  const converted = event.minor > 0n
  for (const partner of membersOf(touches)) {
    const counts = countsOf(counted, partner)
    counts.lines += 1
    counts.value += event.minor
    if (!converted) continue
    counts.converted += 1n
    counts.paths += 1n
  }
  if (converted) journeyOf(counted, touches).conversions += 1
}

async function countUnconverted(facts: ProgrammeFacts, counted: Counted): Promise<void> {
  const { rule } = counted
  const view = {
    isTouch: (touch: Omit<PathTouch, 'ageDays'>): boolean => isTouchOf(rule, touch),
    isConversion: ({ event }: { readonly event: RevenueFact }): boolean => passesAsEvent(rule, event) === undefined,
  }
  for await (const paths of streamUnconverted(facts.sql, factScope(facts), view)) {
    for (const touches of paths) {
      for (const partner of membersOf(touches)) countsOf(counted, partner).paths += 1n
      journeyOf(counted, touches).withoutConversion += 1
    }
  }
}

function countsOf({ partners }: Counted, partner: string): Counts {
  const counts = partners.get(partner) ?? { lines: 0, value: 0n, converted: 0n, paths: 0n }
  partners.set(partner, counts)
  return counts
}

function journeyOf(
  { journeys }: Counted,
  path: readonly PathTouch[],
): { conversions: number; withoutConversion: number } {
  const touches = path.map(({ partner }) => partner)
  const key = touches.join(' ')
  const journey = journeys.get(key) ?? { touches, conversions: 0, withoutConversion: 0 }
  journeys.set(key, journey)
  return journey
}

function surveyOf({ rule, value, partners, journeys }: Counted): PoolSurvey {
  const shares =
    rule.attribution.model === 'MARKOV' ? sharesOfWeights(removalEffects([...journeys.values()])) : new Map()
  const told = [...partners].map(([partner, counts]): [string, PartnerSurvey] => [
    partner,
    {
      share: shares.get(partner) ?? rational(0n),
      lines: counts.lines,
      value: counts.value,
      conversionPpm: counts.paths === 0n ? 0n : (counts.converted * PPM) / counts.paths,
    },
  ])
  return { value, partners: new Map(told) }
}
