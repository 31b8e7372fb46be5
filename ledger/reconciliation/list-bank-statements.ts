import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import type { BankStatement } from './bank-entry.ts'
import { parsePageByTime } from './page-by-time.ts'
import { requireOwnAccount } from './require-own-account.ts'
import { selectStatements } from './store/bank-statements.ts'

export type ListBankStatementsInput = {
  /** Code of an account of ours; of all when absent. */
  readonly ownAccount?: string | null | undefined
  readonly page: PageInput
}

/**
 * Statements that banks gave us, the last imported first. Throws `NOT_FOUND` for the account, `INVALID_INPUT` for a page
 * that is none.
 */
export async function listBankStatements(
  context: Context,
  { ownAccount, page: asked }: ListBankStatementsInput,
): Promise<PageResult<BankStatement>> {
  const page = parsePageByTime(asked)
  const account = ownAccount == null ? undefined : await requireOwnAccount(context, ownAccount)
  const rows = await selectStatements(context.database.reads, account?.id, page)
  return pageOf(page, rows, ({ id, importedAt }) => [importedAt.toISOString(), uuidOf(id)])
}
