import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { explainMatch } from '../splits/explain-match.ts'
import { contributionOf } from '../splits/fact-case.ts'
import type { ChangedLine } from './corrections/open-change.ts'
import { type OpenRule, openRules, type StatedSplits, takeLine } from './open-rules.ts'
import type { ProgrammeFacts } from './programme-facts.ts'
import { recordLines } from './record-lines.ts'
import { ruleKey } from './rule-key.ts'
import { type MatchedFact, type Surveys, streamMatches } from './split-programme.ts'
import { type DraftLine, type DraftStatement, insertEarnings, insertLines } from './store/drafts.ts'
import { holdRun, type Run } from './store/periods.ts'

export type WriteLinesInput = {
  readonly run: Run
  readonly facts: ProgrammeFacts
  readonly surveys: Surveys
  readonly drafts: readonly DraftStatement[]
  readonly splits: StatedSplits
  /** Lines of locked months that are corrected. */
  readonly corrected: AsyncIterable<readonly ChangedLine[]>
}

type OpenRules = ReadonlyMap<string, OpenRule>

/** Lines that are written together, and the rules that they are of. */
type Batch = { readonly lines: DraftLine[]; readonly touched: Set<OpenRule> }

/** Lines of rules that look at what others earn, written together. */
const DERIVED_LINES_AT_ONCE = 5000

/**
 * Writes the lines of drafted statements batch by batch, each in a transaction of its own and in the log as well, and what
 * each rule gave when its last line is written. The facts are read a second time, at the snapshot of the first, and give
 * the same lines in the same order. Throws `WRONG_STATE` when another run has taken the period over.
 */
export async function writeLines(
  context: Context,
  { run, facts, surveys, drafts, splits, corrected }: WriteLinesInput,
  onBatch: (facts: number) => void,
): Promise<void> {
  const rules = openRules(drafts, splits)
  let read = 0
  for await (const matched of streamMatches(facts, surveys)) {
    await writeBatch(context, run, batchOf(rules, matched))
    read += matched.length
    onBatch(read)
  }
  for await (const lines of corrected) await writeBatch(context, run, correctedBatch(rules, lines))
  for (const batch of derivedBatches(rules)) await writeBatch(context, run, batch)
  const whole = [...rules.values()].every(({ written, split }) => written === split.amounts.length)
  invariant(whole, 'every line of a rule was written')
}

async function writeBatch(context: Context, run: Run, { lines, touched }: Batch): Promise<void> {
  if (lines.length === 0) return
  await context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'CALCULATING')
    await insertLines(tx, lines)
    await insertEarnings(tx, await recordLines(context, tx, [...touched]))
  })
}

function batchOf(rules: OpenRules, facts: readonly MatchedFact[]): Batch {
  const touched = new Set<OpenRule>()
  const lines = facts.flatMap(({ agreement, judging, fact, matches }) =>
    matches.map((match) => {
      const rule = rules.get(ruleKey(agreement, match.placed))
      invariant(rule, 'a rule that matches a fact is in its statement')
      touched.add(rule)
      const explanation = explainMatch(fact, match, judging)
      return takeLine(rule, {
        contribution: contributionOf(fact, judging.partner),
        customer: fact.customer,
        explanation,
      })
    }),
  )
  return { lines, touched }
}

function correctedBatch(rules: OpenRules, changed: readonly ChangedLine[]): Batch {
  const touched = new Set<OpenRule>()
  const lines = changed.map(({ rule: key, line }) => {
    const rule = rules.get(key)
    invariant(rule, 'a rule that is corrected is in its statement')
    touched.add(rule)
    return takeLine(rule, line)
  })
  return { lines, touched }
}

function* derivedBatches(rules: OpenRules): Iterable<Batch> {
  let batch: Batch = { lines: [], touched: new Set() }
  for (const rule of rules.values()) {
    const { explanations } = rule.split
    if (explanations === undefined) continue
    for (const explanation of explanations) {
      batch.lines.push(takeLine(rule, { contribution: undefined, customer: undefined, explanation }))
    }
    batch.touched.add(rule)
    if (batch.lines.length < DERIVED_LINES_AT_ONCE) continue
    yield batch
    batch = { lines: [], touched: new Set() }
  }
  yield batch
}
