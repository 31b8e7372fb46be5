import type { Id } from '../../kernel/ids.ts'
import { multiply } from '../../kernel/rational.ts'
import type { PlacedCase } from '../facts/placed-case.ts'
import { streamCases } from '../facts/stream-cases.ts'
import type { FactCase } from '../splits/fact-case.ts'
import { gatherPools, type PoolGatherer } from '../splits/gather-pools.ts'
import { type GoverningRules, governingRules } from '../splits/governing-rules.ts'
import { matchRules, type RuleMatch, rulesInOrder } from '../splits/match-rules.ts'
import { isPoolRule, type PoolRule, type PoolSurvey, pooled } from '../splits/pool-rule.ts'
import { grossOf, pooledConversion } from '../splits/pooled-conversion.ts'
import type { Judging } from '../splits/rule-calculator.ts'
import { gatherSplit, type RuleSplit, type SplitGatherer } from '../splits/split-agreement.ts'
import { caseScope, type ProgrammeFacts, poolRulesOf } from './programme-facts.ts'
import { surveyPools } from './survey-pools.ts'

/** A fact and the rules that match it. */
export type MatchedFact = {
  readonly agreement: Id<'agr'>
  readonly judging: Judging
  readonly fact: FactCase
  readonly matches: readonly RuleMatch[]
  /** Rules that would look at it, whoever it is for. */
  readonly rules: GoverningRules
}

/** What of a whole period its rules have to know; the same for both times that its facts are read. */
export type Surveys = ReadonlyMap<PoolRule, PoolSurvey>

/**
 * Batches of facts with their matches, in the order of `streamCases`. Facts without a match too.
 * A refund of an event of an earlier period matches nothing here: it corrects that period, which is locked (RULES §5), and
 * waits for an adjustment (`late-facts.ts`). A refund of an event of the period itself nets, at its own time.
 */
export async function* streamMatches(input: ProgrammeFacts, surveys: Surveys): AsyncIterable<readonly MatchedFact[]> {
  const { sql, agreements, terms } = input
  const rulesFor = rulesOf(input)
  const timeZone = terms[0]?.terms.timeZone ?? 'UTC'
  const matched = ({ agreement, partnerCode, governing, fact, correctsEarlier }: PlacedCase): MatchedFact => {
    const rules = correctsEarlier ? [] : rulesFor(governing)
    const judging = { partner: partnerCode, timeZone, surveys }
    const counts = agreements.has(agreement)
    const matches = counts ? rules.flatMap((together) => matchRules(together, fact, judging)) : []
    return { agreement, judging, fact, matches, rules }
  }
  for await (const cases of streamCases(sql, caseScope(input))) yield cases.map(matched)
}

/** Finds what governs a case: versions by their times, or the one that is tried, always. */
function rulesOf({ terms, trial }: ProgrammeFacts): (governing: PlacedCase['governing']) => GoverningRules {
  if (trial === true) {
    const tried = terms.map(rulesInOrder)
    return () => tried
  }
  const versions = new Map(terms.map((version) => [version.id, version]))
  return governingRules((id) => versions.get(id))
}

/** What each agreement's rules give in a period, how many facts were read for it, and what had to be known of all of it. */
export type ProgrammeSplit = {
  readonly splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>
  readonly facts: number
  readonly surveys: Surveys
}

/**
 * Splits the facts of a programme's period. What is held at once is one small object for each line of one partner (with
 * pools: of all partners, since a pool is shared when all of it is known), and afterwards the amounts alone.
 */
export async function splitProgramme(input: ProgrammeFacts, onBatch: (facts: number) => void): Promise<ProgrammeSplit> {
  const surveys = await surveyPools(input)
  const pools = poolRulesOf(input).length > 0 ? gatherPools() : undefined
  if (pools !== undefined) addPartsWithoutLines(pools, surveys)
  const splits = new Map<Id<'agr'>, readonly RuleSplit[]>()
  const gathered = new Map<Id<'agr'>, SplitGatherer>()
  let partner: string | undefined
  let facts = 0
  const decide = (): void => {
    const given = pools?.decide()
    for (const [agreement, gatherer] of gathered) {
      splits.set(
        agreement,
        gatherer.decide((rule) => (isPoolRule(rule) ? given?.get(rule)?.get(agreement) : undefined)),
      )
    }
    gathered.clear()
  }
  for await (const batch of streamMatches(input, surveys)) {
    for (const matched of batch) {
      const { agreement, judging, fact, matches } = matched
      if (pools === undefined && judging.partner !== partner) decide()
      partner = judging.partner
      if (matches.length > 0) gathererOf(gathered, agreement).add(fact, matches)
      if (pools !== undefined) addParts(pools, matched)
    }
    facts += batch.length
    onBatch(facts)
  }
  decide()
  return { splits, facts, surveys }
}

/** What a conversion gives its partner by each pool it belongs to, also where another rule or the house has it. */
function addParts(pools: PoolGatherer, { agreement, judging, fact, matches, rules }: MatchedFact): void {
  if (fact.kind !== 'EVENT') return
  for (const { rule } of rules.flat()) {
    if (!isPoolRule(rule) || typeof pooledConversion.match(rule, fact, judging) === 'string') continue
    const claimed = matches.some(({ placed }) => placed.rule === rule)
    pools.add({ rule, holder: agreement, code: judging.partner, gross: grossOf(rule, fact, judging), claimed })
  }
}

/** Who has a part of a period's pool but touched none of its conversions has no line for it: the house keeps that part. */
function addPartsWithoutLines(pools: PoolGatherer, surveys: Surveys): void {
  for (const [rule, { value, partners }] of surveys) {
    for (const [code, partner] of partners) {
      if (partner.lines > 0 || partner.share.numerator === 0n) continue
      const gross = multiply(pooled(rule, value, partner), partner.share)
      pools.add({ rule, holder: `${code} without lines`, code, gross, claimed: false })
    }
  }
}

function gathererOf(gatherers: Map<Id<'agr'>, SplitGatherer>, agreement: Id<'agr'>): SplitGatherer {
  const gatherer = gatherers.get(agreement) ?? gatherSplit()
  gatherers.set(agreement, gatherer)
  return gatherer
}
