import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { StatementLine } from './statement.ts'
import { selectLine } from './store/lines.ts'

export type FindStatementLineInput = { readonly statement: Id<'sta'>; readonly line: Id<'pol'> }

/** One line of an issued statement, or nothing. For the broker: a partner reads lines by `listStatementLines`. */
export async function findStatementLine(
  context: Context,
  input: FindStatementLineInput,
): Promise<StatementLine | undefined> {
  return selectLine(context.database.reads, input)
}
