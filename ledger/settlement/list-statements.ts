import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { Statement } from './statement.ts'
import { type StatementFilter, selectStatements } from './store/statements.ts'

export type ListStatementsInput = StatementFilter & { readonly page: PageInput }

/** Issued statements, oldest first, of one partner, programme or month, or of all. Throws `INVALID_INPUT` for a page that is none. */
export async function listStatements(context: Context, input: ListStatementsInput): Promise<PageResult<Statement>> {
  const page = parsePageById(input.page)
  const rows = await selectStatements(context.database.reads, input, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
