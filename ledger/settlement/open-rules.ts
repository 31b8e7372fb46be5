import { randomBytes } from 'node:crypto'
import { CanonicalText, canonicalJson } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { LineExplanation } from '../splits/explanation.ts'
import type { ContributionRef } from '../splits/fact-case.ts'
import type { StatedSplit } from '../splits/stated-split.ts'
import type { LineToRecord } from './earning-record.ts'
import { COMMITMENT_SALT_BYTES, commitToLines, type LinesCommitment } from './lines-commitment.ts'
import { lineId } from './part-ids.ts'
import { ruleKey } from './rule-key.ts'
import type { DraftLine } from './store/draft-lines.ts'
import type { DraftStatement } from './store/drafts.ts'

/** A rule of a statement whose lines are being written. */
export type OpenRule = {
  readonly statement: Id<'sta'>
  readonly ruleNo: number
  readonly split: StatedSplit
  readonly salt: Uint8Array
  readonly commitment: LinesCommitment
  written: number
  /** Lines that are in no record yet: never more than one record takes, after a batch. */
  readonly unrecorded: LineToRecord[]
  /** Records that were made of its lines so far; their ids come when they are written. */
  parts: number
  readonly records: Id<'rec'>[]
}

/** What statements have, rule by rule, by agreement. */
export type StatedSplits = ReadonlyMap<Id<'agr'>, readonly StatedSplit[]>

/** The rules of drafted statements, by `ruleKey`; none of their lines is written yet. */
export function openRules(drafts: readonly DraftStatement[], splits: StatedSplits): ReadonlyMap<string, OpenRule> {
  const rules = new Map<string, OpenRule>()
  for (const { id, number, agreement } of drafts) {
    for (const [index, split] of (splits.get(agreement) ?? []).entries()) {
      const ruleNo = index + 1
      const salt = randomBytes(COMMITMENT_SALT_BYTES)
      const commitment = commitToLines(salt, { statement: number, ruleNo })
      const begun = { written: 0, unrecorded: [], parts: 0, records: [] }
      rules.set(ruleKey(agreement, split.placed, split.correction?.month), {
        statement: id,
        ruleNo,
        split,
        salt,
        commitment,
        ...begun,
      })
    }
  }
  return rules
}

/** What stands in the next line of a rule. Rules that look at what others earn have no contribution behind a line. */
export type NextLine = {
  readonly contribution: Pick<ContributionRef, 'id' | 'externalId'> | undefined
  readonly customer: Id<'cus'> | undefined
  readonly explanation: LineExplanation
}

/** Gives the next line of a rule its place and its amount. */
export function takeLine(rule: OpenRule, { contribution, customer, explanation }: NextLine): DraftLine {
  const minor = rule.split.amounts[rule.written]
  invariant(minor !== undefined, 'a fact gives the same lines whenever it is read')
  rule.written += 1
  const { statement, ruleNo, written: lineNo } = rule
  const told = canonicalJson(explanation)
  rule.commitment.add({ lineNo, minor, explanation: told })
  const behind = contribution && { contribution: contribution.id, externalId: contribution.externalId }
  rule.unrecorded.push({ line: lineNo, ...behind, minor, explanation: new CanonicalText(told) })
  const place = { id: lineId(statement, ruleNo, lineNo), statement, ruleNo, lineNo }
  const whose = { contribution: contribution?.id, contributionExternalId: contribution?.externalId, customer }
  return { ...place, ...whose, minor, explanation: told }
}
