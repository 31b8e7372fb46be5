import type { Month } from '../../../kernel/month.ts'
import { explainMatch } from '../../splits/explain-match.ts'
import { contributionOf } from '../../splits/fact-case.ts'
import type { ProgrammeFacts } from '../programme-facts.ts'
import { ruleKey } from '../rule-key.ts'
import { type MatchedFact, type Surveys, streamMatches } from '../split-programme.ts'
import type { ChangedRule } from './changed-rule.ts'
import { type ChangedLine, goneLines, type OpenChange, openChange, takeChange } from './open-change.ts'

/** A locked month that is corrected: its facts as they are known now, and the rules whose totals differ. */
export type CorrectedMonth = {
  readonly month: Month
  readonly facts: ProgrammeFacts
  readonly surveys: Surveys
  readonly changes: readonly ChangedRule[]
}

/**
 * Lines that differ of the rules that do, in batches. Σ of a rule's is what its total differs by. The facts are read again
 * and give the same lines in the same order at every read of one snapshot; held are the settled amounts of one partner.
 */
export async function* changedLines(corrected: CorrectedMonth): AsyncGenerator<readonly ChangedLine[]> {
  const { month, facts, surveys, changes } = corrected
  const waiting = new Map(changes.map((change) => [ruleKey(change.agreement, change.split.placed), change]))
  const open = new Map<string, OpenChange>()
  let partner: string | undefined
  for await (const batch of streamMatches(facts, surveys)) {
    const lines: ChangedLine[] = []
    for (const matched of batch) {
      if (matched.judging.partner !== partner) yield* closeAll(facts, open)
      partner = matched.judging.partner
      for (const match of matched.matches) {
        const key = ruleKey(matched.agreement, match.placed)
        const change = waiting.get(key)
        if (change !== undefined) open.set(key, await openChange(facts.sql, change, month))
        waiting.delete(key)
        const opened = open.get(key)
        lines.push(...takenOf(opened, matched, match))
      }
    }
    if (lines.length > 0) yield lines
  }
  yield* closeAll(facts, open)
  // what no fact is behind: overrides, guarantees, and rules that give nothing any more
  for (const change of waiting.values()) yield* withoutFacts(facts, await openChange(facts.sql, change, month))
}

function takenOf(
  open: OpenChange | undefined,
  { judging, fact }: MatchedFact,
  match: MatchedFact['matches'][number],
): readonly ChangedLine[] {
  if (open === undefined) return []
  const changed = takeChange(open, {
    contribution: contributionOf(fact, judging.partner),
    customer: fact.customer,
    explanation: explainMatch(fact, match, judging),
  })
  return changed === undefined ? [] : [changed]
}

async function* closeAll(
  { sql }: ProgrammeFacts,
  open: Map<string, OpenChange>,
): AsyncGenerator<readonly ChangedLine[]> {
  for (const one of open.values()) yield* goneLines(sql, one)
  open.clear()
}

async function* withoutFacts({ sql }: ProgrammeFacts, open: OpenChange): AsyncGenerator<readonly ChangedLine[]> {
  const { split } = open.change
  const explanations = 'explanations' in split ? split.explanations : []
  yield explanations.flatMap(
    (explanation) => takeChange(open, { contribution: undefined, customer: undefined, explanation }) ?? [],
  )
  yield* goneLines(sql, open)
}
