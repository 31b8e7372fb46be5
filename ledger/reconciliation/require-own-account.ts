import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { listOwnAccounts } from '../bank-accounts/list-own-accounts.ts'
import type { KnownAccount } from './known-accounts.ts'

/** The verified account of ours with this code. Throws `NOT_FOUND`. */
export async function requireOwnAccount(context: Context, code: string): Promise<KnownAccount> {
  const found = (await verifiedAccounts(context)).find((account) => account.code === code)
  if (found === undefined) throw new Fault('NOT_FOUND', 'there is no such account of ours', { field: 'ownAccount' })
  return found
}

/** Our accounts that were verified. */
export async function verifiedAccounts(context: Context): Promise<readonly KnownAccount[]> {
  const all = await listOwnAccounts(context)
  return all.filter(({ status }) => status === 'VERIFIED').map(({ id, code, asset }) => ({ id, code, asset }))
}
