import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { withoutSums } from '../splits/explain-match.ts'
import type { Statement, StatementRule } from './statement.ts'
import { selectRules, selectStatement } from './store/statements.ts'

/** A statement with what each rule gave: total, count of lines, and a commitment to them. */
export type StatementDetail = Statement & { readonly rules: readonly StatementRule[] }

/** With a partner, only that partner's own statement is found, and it is shown as a partner may see it. */
export type FindStatementInput = { readonly id: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined }

/**
 * An issued statement, or nothing; another partner's is nothing to a partner. To a partner a rule is a total and a count
 * with a commitment, without the exact sums, from which the customers' money could be read. Lines: `listStatementLines`.
 * Source: RULES §6.
 */
export async function findStatement(context: Context, input: FindStatementInput): Promise<StatementDetail | undefined> {
  const sql = context.database.reads
  const statement = await selectStatement(sql, input)
  if (statement === undefined) return undefined
  const rules = (await selectRules(sql, [statement.id])).get(statement.id) ?? []
  return { ...statement, rules: input.partner === undefined ? rules : rules.map(toPartner) }
}

function toPartner(rule: StatementRule): StatementRule {
  return { ...rule, explanation: withoutSums(rule.explanation) }
}
