import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireMember } from '../agreements/store/agreements.ts'
import type { BankAccount, BankAccountStatus } from './bank-account.ts'
import { selectBankAccounts } from './store/bank-accounts.ts'

export type ListBankAccountsInput = {
  /** Code or id; of all partners when absent. */
  readonly partner?: string | null | undefined
  /** The partner that reads, which has its own alone. */
  readonly owner?: Id<'ptr'> | undefined
  readonly status?: BankAccountStatus | null | undefined
  readonly page: PageInput
}

/**
 * Accounts of partners and what became of them, the last entered first. Throws `NOT_FOUND` for the partner and
 * `INVALID_INPUT` for a page that is none.
 */
export async function listBankAccounts(
  context: Context,
  { partner: named, owner, status, page: asked }: ListBankAccountsInput,
): Promise<PageResult<BankAccount>> {
  const sql = context.database.reads
  const page = parsePageById(asked)
  const partner = owner ?? (named == null ? undefined : await partnerNamed(sql, named))
  const rows = await selectBankAccounts(sql, { partner, status: status ?? undefined }, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}

async function partnerNamed(sql: Reader, named: string): Promise<Id<'ptr'>> {
  return (await requireMember(sql, parseExactly(lineOfText(60), named, 'partner'))).partner
}
