import { randomBytes } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { explainMatch } from '../splits/explain-match.ts'
import { contributionOf } from '../splits/fact-case.ts'
import type { PlacedRule } from '../splits/match-rules.ts'
import type { RuleSplit } from '../splits/split-agreement.ts'
import { COMMITMENT_SALT_BYTES, commitToLines } from './lines-commitment.ts'
import { lineId } from './part-ids.ts'
import { type OpenRule, recordLines } from './record-lines.ts'
import { type MatchedFact, type ProgrammeFacts, streamMatches } from './split-programme.ts'
import { type DraftLine, type DraftStatement, insertEarnings, insertLines } from './store/drafts.ts'
import { holdRun, type Run } from './store/periods.ts'

export type WriteLinesInput = {
  readonly run: Run
  readonly facts: ProgrammeFacts
  readonly drafts: readonly DraftStatement[]
  readonly splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>
}

/**
 * Writes the lines of drafted statements batch by batch, each in a transaction of its own and in the log as well, and what
 * each rule gave when its last line is written. The facts are read a second time, at the snapshot of the first, and give
 * the same lines in the same order. Throws `WRONG_STATE` when another run has taken the period over.
 */
export async function writeLines(
  context: Context,
  { run, facts, drafts, splits }: WriteLinesInput,
  onBatch: (facts: number) => void,
): Promise<void> {
  const rules = openRules(drafts, splits)
  let read = 0
  for await (const batch of streamMatches(facts)) {
    const touched = new Set<OpenRule>()
    const lines = batch.flatMap((matched) => linesOf(rules, matched, touched))
    if (lines.length > 0) {
      await context.database.transaction(async (tx) => {
        await holdRun(tx, run, 'CALCULATING')
        await insertLines(tx, lines)
        await insertEarnings(tx, await recordLines(context, tx, [...touched]))
      })
    }
    read += batch.length
    onBatch(read)
  }
  const whole = [...rules.values()].every(({ written, split }) => written === split.amounts.length)
  invariant(whole, 'every line of a rule was written')
}

function openRules(
  drafts: readonly DraftStatement[],
  splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>,
): ReadonlyMap<string, OpenRule> {
  const rules = new Map<string, OpenRule>()
  for (const { id, number, agreement } of drafts) {
    for (const [index, split] of (splits.get(agreement) ?? []).entries()) {
      const ruleNo = index + 1
      const salt = randomBytes(COMMITMENT_SALT_BYTES)
      const commitment = commitToLines(salt, { statement: number, ruleNo })
      const begun = { written: 0, unrecorded: [], records: [] }
      rules.set(ruleKey(agreement, split.placed), { statement: id, ruleNo, split, salt, commitment, ...begun })
    }
  }
  return rules
}

function ruleKey(agreement: Id<'agr'>, { terms, place }: PlacedRule): string {
  return `${agreement}/${terms.version}/${place}`
}

function linesOf(
  rules: ReadonlyMap<string, OpenRule>,
  { agreement, judging, fact, matches }: MatchedFact,
  touched: Set<OpenRule>,
): readonly DraftLine[] {
  return matches.map((match) => {
    const rule = rules.get(ruleKey(agreement, match.placed))
    const minor = rule?.split.amounts[rule.written]
    invariant(rule && minor !== undefined, 'a fact gives the same lines whenever it is read')
    touched.add(rule)
    rule.written += 1
    const { statement, ruleNo, written: lineNo } = rule
    const behind = contributionOf(fact, judging.partner)
    invariant(behind, 'a line names a contribution')
    const { id: contribution, externalId } = behind
    const explained = explainMatch(fact, match, judging)
    const explanation = canonicalJson(explained)
    rule.commitment.add({ lineNo, minor, explanation })
    rule.unrecorded.push({ line: lineNo, contribution, externalId, minor, explanation: explained })
    const place = { id: lineId(statement, ruleNo, lineNo), statement, ruleNo, lineNo }
    const whose = { contribution, contributionExternalId: externalId, customer: fact.customer }
    return { ...place, ...whose, minor, explanation }
  })
}
