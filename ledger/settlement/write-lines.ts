import { randomBytes } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { explainMatch, explainSplit } from '../splits/explanation.ts'
import type { PlacedRule } from '../splits/match-rules.ts'
import type { RuleSplit } from '../splits/split-agreement.ts'
import { COMMITMENT_SALT_BYTES, commitToLines, type LinesCommitment } from './lines-commitment.ts'
import { type MatchedFact, type ProgrammeFacts, streamMatches } from './split-programme.ts'
import { type DraftEarning, type DraftLine, type DraftStatement, insertEarnings, insertLines } from './store/drafts.ts'
import { holdRun, type Run } from './store/periods.ts'

/** A rule of a statement whose lines are being written. */
type OpenRule = {
  readonly statement: Id<'sta'>
  readonly ruleNo: number
  readonly split: RuleSplit
  readonly salt: Uint8Array
  readonly commitment: LinesCommitment
  written: number
}

export type WriteLinesInput = {
  readonly run: Run
  readonly facts: ProgrammeFacts
  readonly drafts: readonly DraftStatement[]
  readonly splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>
}

/**
 * Writes the lines of drafted statements batch by batch, each in a transaction of its own, and then what each rule gave.
 * The facts are read a second time, at the snapshot of the first, and give the same lines in the same order.
 * Throws `WRONG_STATE` when another run has taken the period over.
 */
export async function writeLines(
  context: Context,
  { run, facts, drafts, splits }: WriteLinesInput,
  onBatch: (facts: number) => void,
): Promise<void> {
  const rules = openRules(drafts, splits)
  let read = 0
  for await (const batch of streamMatches(facts)) {
    const lines = batch.flatMap((matched) => linesOf(rules, matched))
    if (lines.length > 0) {
      await context.database.transaction(async (tx) => {
        await holdRun(tx, run, 'CALCULATING')
        await insertLines(tx, lines)
      })
    }
    read += batch.length
    onBatch(read)
  }
  const earnings = [...rules.values()].map(closeRule)
  await context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'CALCULATING')
    await insertEarnings(tx, earnings)
  })
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
      rules.set(ruleKey(agreement, split.placed), { statement: id, ruleNo, split, salt, commitment, written: 0 })
    }
  }
  return rules
}

function ruleKey(agreement: Id<'agr'>, { terms, place }: PlacedRule): string {
  return `${agreement}/${terms.version}/${place}`
}

function linesOf(rules: ReadonlyMap<string, OpenRule>, { fact, matches }: MatchedFact): readonly DraftLine[] {
  return matches.map((match) => {
    const rule = rules.get(ruleKey(fact.agreement, match.placed))
    const minor = rule?.split.amounts[rule.written]
    invariant(rule && minor !== undefined, 'a fact gives the same lines whenever it is read')
    rule.written += 1
    const explanation = canonicalJson(explainMatch(fact, match))
    rule.commitment.add({ lineNo: rule.written, minor, explanation })
    return {
      id: newId('pol'),
      statement: rule.statement,
      ruleNo: rule.ruleNo,
      lineNo: rule.written,
      contribution: fact.referral.id,
      contributionExternalId: fact.referral.externalId,
      customer: fact.customer,
      minor,
      explanation,
    }
  })
}

function closeRule({ statement, ruleNo, split, salt, commitment, written }: OpenRule): DraftEarning {
  invariant(written === split.amounts.length, 'every line of a rule was written')
  return {
    id: newId('ern'),
    statement,
    ruleNo,
    kind: split.placed.rule.kind,
    terms: split.placed.terms.id,
    minor: split.total,
    forgone: split.forgone,
    lineCount: written,
    explanation: explainSplit(split),
    salt,
    commitment: commitment.finish(),
  }
}
