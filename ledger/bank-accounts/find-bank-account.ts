import type { Context } from '../../database/context.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import type { BankAccount } from './bank-account.ts'
import { selectBankAccount } from './store/bank-accounts.ts'

export type FindBankAccountInput = { readonly id: string; readonly partner?: Id<'ptr'> | undefined }

/** A partner's account, or nothing; with a partner, another one's is nothing. */
export async function findBankAccount(
  { database }: Context,
  { id, partner }: FindBankAccountInput,
): Promise<BankAccount | undefined> {
  return isId('bka', id) ? selectBankAccount(database.reads, { id, partner }) : undefined
}
