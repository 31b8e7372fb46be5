import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { findProgramme } from '../agreements/find-programme.ts'
import { tellLine } from '../splits/explain/tell-line.ts'
import { tellRule } from '../splits/explain/tell-rule.ts'
import type { ExplainIn, Language } from '../splits/explain/words.ts'
import type { StatementDetail } from './find-statement.ts'
import { findStatementLine } from './find-statement-line.ts'
import { requireStatement } from './require-statement.ts'
import type { StatementLine, StatementRule } from './statement.ts'
import { streamStatementLines } from './stream-statement-lines.ts'

export type ExplainStatementInput = {
  /** Its number or id. */
  readonly statement: string
  /** This line alone, with its rule. */
  readonly line?: Id<'pol'> | undefined
  readonly language: Language
}

/** A rule and its sentence, or a line of the rule before it and its sentence. */
export type ExplainedPart =
  | { readonly rule: StatementRule; readonly sentence: string }
  | { readonly line: StatementLine; readonly sentence: string }

/** A statement, and its rules in their order, each followed by its lines, read as they are asked for. */
export type ExplainedStatement = {
  readonly statement: StatementDetail
  readonly parts: AsyncIterable<ExplainedPart>
}

/**
 * Explains an issued statement to the staff: every rule and every line, as data and in sentences. Memory does not grow with
 * the number of lines. Throws `NOT_FOUND` for the statement or the line. Source: RULES §6.
 */
export async function explainStatement(context: Context, input: ExplainStatementInput): Promise<ExplainedStatement> {
  const statement = await requireStatement(context, input.statement)
  const programme = await findProgramme(context, statement.programme)
  invariant(programme, 'a statement is of a programme')
  const { asset, timeZone } = programme
  const options = { asset, timeZone, language: input.language }
  if (input.line === undefined)
    return {
      statement,
      parts: partsOf(statement.rules, streamStatementLines(context, { statement: statement.id }), options),
    }
  const line = await findStatementLine(context, { statement: statement.id, line: input.line })
  if (line === undefined) throw new Fault('NOT_FOUND', `${statement.number} has no such line`, { field: 'line' })
  const rules = statement.rules.filter(({ ruleNo }) => ruleNo === line.ruleNo)
  return { statement, parts: partsOf(rules, [line], options) }
}

async function* partsOf(
  rules: readonly StatementRule[],
  lines: AsyncIterable<StatementLine> | Iterable<StatementLine>,
  options: ExplainIn,
): AsyncGenerator<ExplainedPart> {
  const ahead = [...rules]
  let current: StatementRule | undefined
  const next = (rule: StatementRule): ExplainedPart => ({ rule, sentence: tellRule(rule.explanation, options) })
  for await (const line of lines) {
    while (current?.ruleNo !== line.ruleNo) {
      current = ahead.shift()
      invariant(current, 'lines come in the order of their rules')
      yield next(current)
    }
    yield { line, sentence: tellLine(line, current.explanation, options) }
  }
  for (const rule of ahead) yield next(rule)
}
