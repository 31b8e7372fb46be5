import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { findPlace, type PlaceInLog } from '../../records/find-place.ts'
import { findProgramme } from '../agreements/find-programme.ts'
import type { Programme } from '../agreements/programme.ts'
import type { Dispute } from '../disputes/dispute.ts'
import { findAnswers } from '../disputes/find-answers.ts'
import { findDisputes } from '../disputes/find-disputes.ts'
import type { StatementAnswer } from '../disputes/statement-answer.ts'
import type { StatementDetail } from '../settlement/find-statement.ts'
import { requireStatement } from '../settlement/require-statement.ts'
import type { StatementLine, StatementRule } from '../settlement/statement.ts'
import { streamStatementLines } from '../settlement/stream-statement-lines.ts'
import { tellLine } from '../splits/explain/tell-line.ts'
import { tellRule } from '../splits/explain/tell-rule.ts'
import type { ExplainIn, Language } from '../splits/explain/words.ts'
import { type EarnedParts, earnedParts, partOf, type RulePart } from './parts.ts'
import { selectPartnerName } from './store/parties.ts'

export type StatementDocumentInput = {
  /** Its number or id. */
  readonly statement: string
  readonly language: Language
  /** Who issues it, as it stands on top. */
  readonly issuer: string
  /** The partner who reads; without one it is read by the staff. */
  readonly caller?: PartnerCaller | undefined
}

/** A rule with its sentence, and what it is part of. */
export type DocumentRule = StatementRule & { readonly part: RulePart; readonly sentence: string }
/** A line with its sentence. */
export type DocumentLine = StatementLine & { readonly sentence: string }

/** A statement as its reader gets it, in one language: data alone, for every format. Amounts are minor units. */
export type StatementDocument = {
  readonly language: Language
  readonly issuer: string
  readonly partner: { readonly id: Id<'ptr'>; readonly code: string; readonly name: string }
  readonly programme: Pick<Programme, 'id' | 'code' | 'name' | 'timeZone'>
  readonly statement: Omit<StatementDetail, 'rules'> & { readonly issuedAt: Date; readonly record: Id<'rec'> }
  readonly earned: EarnedParts
  readonly rules: readonly DocumentRule[]
  readonly answer: StatementAnswer
  readonly disputes: readonly Dispute[]
  /** Where the statement's record stands in the log; absent until it is sealed. */
  readonly place: PlaceInLog | undefined
  /** Whether all lines are shown, or those alone that a partner may see. */
  readonly whole: boolean
  /**
   * Its lines, by rule and line, no more than so many, read while they are asked for; a partner's are disclosed to it as
   * they are.
   */
  readonly lines: (most?: number) => AsyncIterable<DocumentLine>
}

/**
 * The document of an issued statement. A partner gets its own, as it may see it: no exact sums, and those lines that a
 * customer lets it see. Memory does not grow with the lines. Throws `NOT_FOUND` (another partner's, too), and
 * `INVALID_INPUT` for a number that two programmes have given. Source: RULES §6, ADR 0021.
 */
export async function statementDocument(context: Context, input: StatementDocumentInput): Promise<StatementDocument> {
  const { caller, language, issuer } = input
  const { rules, ...found } = await requireStatement(context, input.statement, caller?.partner)
  const { issuedAt, record } = found
  invariant(issuedAt && record, 'an issued statement has its record')
  const { partner, programme } = await partiesOf(context, found)
  const answer = (await findAnswers(context, [found.id])).get(found.id)
  invariant(answer, 'an issued statement may be answered')
  const options = { asset: found.asset, timeZone: programme.timeZone, language }
  return {
    ...{ language, issuer, partner, programme, answer },
    statement: { ...found, issuedAt, record },
    earned: earnedParts(rules),
    rules: rules.map((rule) => ({ ...rule, part: partOf(rule), sentence: tellRule(rule.explanation, options) })),
    disputes: (await findDisputes(context, [found.id])).get(found.id) ?? [],
    place: await findPlace(context, record),
    whole: caller === undefined,
    lines: (most) => linesOf(streamStatementLines(context, { statement: found.id, caller, most }), rules, options),
  }
}

async function partiesOf(context: Context, statement: Pick<StatementDetail, 'partner' | 'programme'>) {
  const programme = await findProgramme(context, statement.programme)
  const name = await selectPartnerName(context.database.reads, statement.partner)
  invariant(programme && name, 'a statement is of a partner in a programme')
  return { programme, partner: { id: statement.partner, ...name } }
}

async function* linesOf(
  lines: AsyncIterable<StatementLine>,
  rules: readonly StatementRule[],
  options: ExplainIn,
): AsyncGenerator<DocumentLine> {
  const explanations = new Map(rules.map(({ ruleNo, explanation }) => [ruleNo, explanation]))
  for await (const line of lines) {
    const explanation = explanations.get(line.ruleNo)
    invariant(explanation, 'a line is of a rule of its statement')
    yield { ...line, sentence: tellLine(line, explanation, options) }
  }
}
