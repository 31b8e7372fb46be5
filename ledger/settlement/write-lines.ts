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

/** A transaction takes some milliseconds, however few lines it writes. */
const LINES_AT_ONCE = 5000

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
  let batch = newBatch()
  const writeIfFull = async (): Promise<void> => {
    if (batch.lines.length < LINES_AT_ONCE) return
    await writeBatch(context, run, batch)
    batch = newBatch()
  }
  for await (const matched of streamMatches(facts, surveys)) {
    for (const fact of matched) addLines(batch, rules, fact)
    await writeIfFull()
    read += matched.length
    onBatch(read)
  }
  for await (const lines of corrected) {
    for (const line of lines) addCorrected(batch, rules, line)
    await writeIfFull()
  }
  for (const rule of rules.values()) {
    addDerived(batch, rule)
    await writeIfFull()
  }
  await writeBatch(context, run, batch)
  const whole = [...rules.values()].every(({ written, split }) => written === split.amounts.length)
  invariant(whole, 'every line of a rule was written')
}

function newBatch(): Batch {
  return { lines: [], touched: new Set() }
}

async function writeBatch(context: Context, run: Run, { lines, touched }: Batch): Promise<void> {
  if (lines.length === 0) return
  await context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'CALCULATING')
    await insertLines(tx, lines)
    await insertEarnings(tx, await recordLines(context, tx, [...touched]))
  })
}

function addLines(batch: Batch, rules: OpenRules, { agreement, judging, fact, matches }: MatchedFact): void {
  for (const match of matches) {
    const rule = rules.get(ruleKey(agreement, match.placed))
    invariant(rule, 'a rule that matches a fact is in its statement')
    batch.touched.add(rule)
    const explanation = explainMatch(fact, match, judging)
    const contribution = contributionOf(fact, judging.partner)
    batch.lines.push(takeLine(rule, { contribution, customer: fact.customer, explanation }))
  }
}

function addCorrected(batch: Batch, rules: OpenRules, { rule: key, line }: ChangedLine): void {
  const rule = rules.get(key)
  invariant(rule, 'a rule that is corrected is in its statement')
  batch.touched.add(rule)
  batch.lines.push(takeLine(rule, line))
}

function addDerived(batch: Batch, rule: OpenRule): void {
  const { explanations } = rule.split
  if (explanations === undefined) return
  for (const explanation of explanations) {
    batch.lines.push(takeLine(rule, { contribution: undefined, customer: undefined, explanation }))
  }
  batch.touched.add(rule)
}
