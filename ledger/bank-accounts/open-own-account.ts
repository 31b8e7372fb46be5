import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { OWN_ACCOUNT_CODE, type OwnAccount } from './bank-account.ts'
import type { BankAccountDetails } from './bank-details.ts'
import { noOwnAccount } from './no-account.ts'
import { openDetails } from './seal-details.ts'
import { selectOwnAccount, selectSealedOwnAccount } from './store/own-accounts.ts'

/** An account of ours with its details. */
export type OpenOwnAccount = OwnAccount & { readonly details: BankAccountDetails }

/**
 * A verified account of ours by its code, with its details for an instruction to its bank. Throws `NOT_FOUND`, `WRONG_STATE`
 * for one that was not verified, and `SEAL_BROKEN` when the details do not open. Source: ADR 0022.
 */
export async function openOwnAccount(context: Context, code: string): Promise<OpenOwnAccount> {
  const { reads } = context.database
  const account = OWN_ACCOUNT_CODE.test(code) ? await selectOwnAccount(reads, code) : undefined
  const sealed = account && (await selectSealedOwnAccount(reads, account.id))
  if (account === undefined || sealed === undefined) throw noOwnAccount()
  if (account.status !== 'VERIFIED') throw new Fault('WRONG_STATE', `our account ${code} was not verified`)
  return { ...account, details: openDetails(context, account.id, sealed) }
}
