import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { explainMatch } from '../splits/explain-match.ts'
import { contributionOf } from '../splits/fact-case.ts'
import type { ChangedLine } from './corrections/open-change.ts'
import { oneBehind } from './one-behind.ts'
import { type OpenRule, openRules, type StatedSplits, takeLine } from './open-rules.ts'
import type { Run } from './period-run.ts'
import type { ProgrammeFacts } from './programme-facts.ts'
import { recordLines, type TakenPart, takeParts } from './record-lines.ts'
import { ruleKey } from './rule-key.ts'
import { type MatchedFact, type Surveys, streamMatches } from './split-programme.ts'
import { type DraftLine, insertLines } from './store/draft-lines.ts'
import { type DraftStatement, insertEarnings } from './store/drafts.ts'
import { holdRun } from './store/period-runs.ts'

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

/** Lines that will be written together, and the rules that they are of. */
type Gathered = { readonly lines: DraftLine[]; readonly touched: Set<OpenRule> }

/** Lines that are written together, and those that go into records with them. */
type Batch = { readonly lines: readonly DraftLine[]; readonly parts: readonly TakenPart[] }

/** A transaction takes some milliseconds, however few lines it writes. */
const LINES_AT_ONCE = 5000

/**
 * Writes the lines of drafted statements batch by batch, each in a transaction of its own and in the log as well, while the next one is read, and what
 * each rule gave when its last line is written. The facts are read a second time, at the snapshot of the first, and give
 * the same lines in the same order. Throws `WRONG_STATE` when another run has taken the period over.
 */
export async function writeLines(
  context: Context,
  { run, facts, surveys, drafts, splits, corrected }: WriteLinesInput,
  onBatch: (facts: number) => void,
): Promise<void> {
  const rules = openRules(drafts, splits)
  const writer = oneBehind((batch: Batch) => writeBatch(context, run, batch))
  try {
    await giveLines(rules, { facts, surveys, corrected }, { write: writer.write, onBatch })
    await writer.end()
  } finally {
    await writer.settled()
  }
  const whole = [...rules.values()].every(({ written, split }) => written === split.amounts.length)
  invariant(whole, 'every line of a rule was written')
}

type Giving = { readonly write: (batch: Batch) => Promise<void>; readonly onBatch: (facts: number) => void }

/** Gives all lines, batch by batch, in the order in which they stand. */
async function giveLines(
  rules: OpenRules,
  { facts, surveys, corrected }: Pick<WriteLinesInput, 'facts' | 'surveys' | 'corrected'>,
  { write, onBatch }: Giving,
): Promise<void> {
  let read = 0
  let gathered = newGathered()
  const writeIf = async (due: boolean): Promise<void> => {
    if (!due) return
    await write({ lines: gathered.lines, parts: takeParts(gathered.touched) })
    gathered = newGathered()
  }
  const isFull = (): boolean => gathered.lines.length >= LINES_AT_ONCE
  for await (const matched of streamMatches(facts, surveys)) {
    for (const fact of matched) addLines(gathered, rules, fact)
    await writeIf(isFull())
    read += matched.length
    onBatch(read)
  }
  for await (const lines of corrected) {
    for (const line of lines) addCorrected(gathered, rules, line)
    await writeIf(isFull())
  }
  for (const rule of rules.values()) {
    addDerived(gathered, rule)
    await writeIf(isFull())
  }
  await writeIf(gathered.lines.length > 0)
}

function newGathered(): Gathered {
  return { lines: [], touched: new Set() }
}

async function writeBatch(context: Context, run: Run, { lines, parts }: Batch): Promise<void> {
  await context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'CALCULATING')
    await insertLines(tx, lines)
    await insertEarnings(tx, await recordLines(context, tx, parts))
  })
}

function addLines(gathered: Gathered, rules: OpenRules, { agreement, judging, fact, matches }: MatchedFact): void {
  for (const match of matches) {
    const rule = rules.get(ruleKey(agreement, match.placed))
    invariant(rule, 'a rule that matches a fact is in its statement')
    gathered.touched.add(rule)
    const explanation = explainMatch(fact, match, judging)
    const contribution = contributionOf(fact, judging.partner)
    gathered.lines.push(takeLine(rule, { contribution, customer: fact.customer, explanation }))
  }
}

function addCorrected(gathered: Gathered, rules: OpenRules, { rule: key, line }: ChangedLine): void {
  const rule = rules.get(key)
  invariant(rule, 'a rule that is corrected is in its statement')
  gathered.touched.add(rule)
  gathered.lines.push(takeLine(rule, line))
}

function addDerived(gathered: Gathered, rule: OpenRule): void {
  const { explanations } = rule.split
  if (explanations === undefined) return
  for (const explanation of explanations) {
    gathered.lines.push(takeLine(rule, { contribution: undefined, customer: undefined, explanation }))
  }
  gathered.touched.add(rule)
}
