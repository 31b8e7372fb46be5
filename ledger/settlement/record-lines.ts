import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import { withRecords } from '../facts/with-records.ts'
import { explainSplit } from '../splits/explain-match.ts'
import {
  type EarningPart,
  earningRecord,
  LINES_IN_RECORD,
  type LineToRecord,
  type RuleTotal,
} from './earning-record.ts'
import type { OpenRule } from './open-rules.ts'
import { earningId } from './part-ids.ts'
import type { DraftEarning } from './store/drafts.ts'

/** Lines of a rule that go into one record. */
export type TakenPart = { readonly rule: OpenRule; readonly part: EarningPart<LineToRecord> }

/** Takes out of rules the lines that fill a record or end a rule. */
export function takeParts(rules: Iterable<OpenRule>): readonly TakenPart[] {
  return [...rules].flatMap(partsOf)
}

/** Appends lines to the log, and gives what the rules that have ended gave. */
export async function recordLines(
  context: Context,
  tx: Transaction,
  parts: readonly TakenPart[],
): Promise<readonly DraftEarning[]> {
  const records = await appendRecords(
    context,
    tx,
    parts.map(({ part }) => earningRecord(part)),
  )
  return withRecords(parts, records).flatMap(({ rule, part, record }) => {
    rule.records.push(record.id)
    const { statement, ruleNo, records: ids } = rule
    return part.total ? [{ ...part.total, id: earningId(statement, ruleNo), statement, ruleNo, records: [...ids] }] : []
  })
}

function partsOf(rule: OpenRule): readonly TakenPart[] {
  const { statement, ruleNo, split, written, unrecorded } = rule
  const ended = written === split.amounts.length
  const of = Math.ceil(split.amounts.length / LINES_IN_RECORD)
  const parts: TakenPart[] = []
  while (unrecorded.length >= LINES_IN_RECORD || (ended && unrecorded.length > 0)) {
    const lines = unrecorded.splice(0, LINES_IN_RECORD)
    rule.parts += 1
    const total = ended && unrecorded.length === 0 ? totalOf(rule) : undefined
    parts.push({ rule, part: { statement, rule: ruleNo, part: rule.parts, of, lines, total } })
  }
  return parts
}

function totalOf({ split, salt, commitment, written }: OpenRule): RuleTotal {
  const { rule } = split.placed
  return {
    kind: rule.kind,
    originPeriod: split.correction?.month,
    adjustment: rule.kind === 'MANUAL_ADJUSTMENT' ? rule.adjustment : undefined,
    terms: split.placed.terms.id,
    minor: split.total,
    forgone: split.forgone,
    lineCount: written,
    explanation: explainSplit(split),
    salt,
    commitment: commitment.finish(),
  }
}
