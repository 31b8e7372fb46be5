import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { type Page, type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import type { StatementLine } from './statement.ts'
import { discloseLines, selectLines } from './store/lines.ts'

export type ListStatementLinesInput = {
  readonly statement: Id<'sta'>
  /** The partner who reads; without one all lines are read, for the broker. */
  readonly caller?: PartnerCaller | undefined
  readonly page: PageInput
}

/**
 * Lines of an issued statement with their explanations, by rule and line. The broker sees all of them. A partner sees the
 * lines of its own statement behind which stands the money of a customer who lets it see that: an exact consent for the
 * purpose `SETTLEMENT` at the moment of reading, which leaves a disclosure. All other lines are in their rule's total,
 * count and commitment only (`findStatement`): since the rate is known, what a line earned tells its base amount.
 * A statement of another partner has no lines. Throws `INVALID_INPUT` for a page that is none. Source: RULES §6.
 */
export async function listStatementLines(
  context: Context,
  { statement, caller, page: asked }: ListStatementLinesInput,
): Promise<PageResult<StatementLine>> {
  const page = parsePageOfLines(asked)
  const rows =
    caller === undefined
      ? await selectLines(context.database.reads, statement, page)
      : await discloseLines(context.database.disclosures, { statement, caller }, page)
  return pageOf(page, rows, ({ ruleNo, lineNo }) => [`${ruleNo}`, `${lineNo}`])
}

function parsePageOfLines(input: PageInput): Page {
  const page = parsePage(input, 2)
  if (page.cursor?.every((key) => /^[0-9]{1,9}$/.test(key)) ?? true) return page
  throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
}
