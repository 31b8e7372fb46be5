import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { BankAccountDetails } from './bank-details.ts'
import { noBankAccount } from './no-account.ts'
import { openDetails } from './seal-details.ts'
import { selectSealedBankAccount } from './store/bank-accounts.ts'

/**
 * The details of a partner's account, for an instruction to a bank and nothing else: they are never logged, recorded or shown.
 * It says nothing of whether the account may be paid to: that says the view `payable_bank_accounts`. Throws `NOT_FOUND`, and
 * `SEAL_BROKEN` when they do not open. Source: ADR 0022.
 */
export async function openBankAccount(context: Context, id: Id<'bka'>): Promise<BankAccountDetails> {
  const sealed = await selectSealedBankAccount(context.database.reads, id)
  if (sealed === undefined) throw noBankAccount()
  return openDetails(context, id, sealed)
}
