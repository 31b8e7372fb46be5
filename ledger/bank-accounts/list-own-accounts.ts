import type { Context } from '../../database/context.ts'
import type { OwnAccount } from './bank-account.ts'
import { selectOwnAccounts } from './store/own-accounts.ts'

/** Our accounts by code, rejected ones too; the first thousand. */
export async function listOwnAccounts({ database }: Context): Promise<readonly OwnAccount[]> {
  return selectOwnAccounts(database.reads)
}
