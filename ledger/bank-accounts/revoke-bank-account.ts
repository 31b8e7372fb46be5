import type { Context } from '../../database/context.ts'
import type { BankAccount } from './bank-account.ts'
import { type EndBankAccountInput, endBankAccount } from './end-bank-account.ts'

/**
 * Takes a verified account out of force for good, at once: the brake when a change turns out to be none of the partner's. The
 * account verified before it, if one still stands, is in force again. Throws as `rejectBankAccount` does. Source: ADR 0022.
 */
export async function revokeBankAccount(context: Context, input: EndBankAccountInput): Promise<BankAccount> {
  return endBankAccount(context, input, 'REVOKED')
}
