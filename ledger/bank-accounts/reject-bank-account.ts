import type { Context } from '../../database/context.ts'
import type { BankAccount } from './bank-account.ts'
import { type EndBankAccountInput, endBankAccount } from './end-bank-account.ts'

/**
 * Rejects an account that waits to be verified, for good. Whoever entered it may: that takes a mistake back. Throws
 * `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` for one that does not wait, and `FORBIDDEN` unless a
 * member of the staff acts. Source: ADR 0022.
 */
export async function rejectBankAccount(context: Context, input: EndBankAccountInput): Promise<BankAccount> {
  return endBankAccount(context, input, 'REJECTED')
}
