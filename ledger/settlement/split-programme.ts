import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import type { FactRule, TermsVersion } from '../agreements/terms.ts'
import { type ReferralFact, streamReferralFacts } from '../facts/store/referral-facts.ts'
import type { EventCase } from '../splits/fact-case.ts'
import { matchRules, type PlacedRule, type RuleMatch, rulesInOrder } from '../splits/match-rules.ts'
import type { Judging } from '../splits/rule-calculator.ts'
import { gatherSplit, type RuleSplit, type SplitGatherer } from '../splits/split-agreement.ts'

/** The facts of one programme's period: where they are read, always at one snapshot, and what governs them. */
export type ProgrammeFacts = {
  readonly sql: Reader
  readonly programme: Id<'prg'>
  readonly span: Span
  readonly terms: readonly TermsVersion[]
  /** Facts of other partners' agreements are passed over: those partners do not accrue. */
  readonly agreements: ReadonlySet<Id<'agr'>>
}

/** A fact and the rules that match it. */
export type MatchedFact = {
  readonly agreement: Id<'agr'>
  readonly judging: Judging
  readonly fact: EventCase
  readonly matches: readonly RuleMatch[]
}

/**
 * Batches of facts with their matches, by partner's code, source and external id, bytewise. Facts without a match too.
 * A refund of an event of an earlier period matches nothing here: it corrects that period, which is locked (RULES §5), and
 * waits for an adjustment (`late-facts.ts`). A refund of an event of the period itself nets, at its own time.
 */
export async function* streamMatches(input: ProgrammeFacts): AsyncIterable<readonly MatchedFact[]> {
  const { sql, programme, span, agreements } = input
  const rules = new Map<Id<'trm'>, readonly PlacedRule<FactRule>[]>(
    input.terms.map((terms) => [terms.id, rulesInOrder(terms)]),
  )
  for await (const facts of streamReferralFacts(sql, { programme, from: span.from, to: span.to })) {
    yield facts.map((read) => {
      const governing = read.terms && agreements.has(read.agreement) ? rules.get(read.terms) : undefined
      const counts = governing !== undefined && !correctsEarlier(read, span)
      const fact: EventCase = { ...read, kind: 'EVENT', path: undefined }
      const judging = { partner: read.partnerCode, timeZone: governing?.[0]?.terms.terms.timeZone ?? 'UTC' }
      return { agreement: read.agreement, judging, fact, matches: counts ? matchRules(governing, fact, judging) : [] }
    })
  }
}

function correctsEarlier({ event }: ReferralFact, { from }: Span): boolean {
  const refunded = event.refundOf?.occurredAt
  return refunded !== undefined && refunded < from
}

/** What each agreement's rules give in a period, and how many facts were read for it. */
export type ProgrammeSplit = {
  readonly splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>
  readonly facts: number
}

/**
 * Splits the facts of a programme's period. What is held at once is one small object for each line of one partner, and
 * afterwards the amounts alone.
 */
export async function splitProgramme(input: ProgrammeFacts, onBatch: (facts: number) => void): Promise<ProgrammeSplit> {
  const splits = new Map<Id<'agr'>, readonly RuleSplit[]>()
  let gatherers = new Map<Id<'agr'>, SplitGatherer>()
  let partner: string | undefined
  let facts = 0
  const decide = (): void => {
    for (const [agreement, gatherer] of gatherers) splits.set(agreement, gatherer.decide())
    gatherers = new Map()
  }
  for await (const batch of streamMatches(input)) {
    for (const { agreement, judging, fact, matches } of batch) {
      if (judging.partner !== partner) decide()
      partner = judging.partner
      if (matches.length > 0) gathererOf(gatherers, agreement).add(fact, matches)
    }
    facts += batch.length
    onBatch(facts)
  }
  decide()
  return { splits, facts }
}

function gathererOf(gatherers: Map<Id<'agr'>, SplitGatherer>, agreement: Id<'agr'>): SplitGatherer {
  const gatherer = gatherers.get(agreement) ?? gatherSplit()
  gatherers.set(agreement, gatherer)
  return gatherer
}
