import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Asset } from '../../kernel/money.ts'
import { selectOwnAccount } from '../bank-accounts/store/own-accounts.ts'

/**
 * Throws `NOT_FOUND` unless we have an account with this code, `WRONG_STATE` until a second person has verified it, and
 * `ASSET_MISMATCH` when it holds another asset.
 */
export async function requireOwnAccount(sql: Reader, code: string, asset: Asset): Promise<void> {
  const account = await selectOwnAccount(sql, code)
  const field = 'ownAccount'
  if (account === undefined) throw new Fault('NOT_FOUND', 'there is no such account of ours', { field })
  if (account.status !== 'VERIFIED') throw new Fault('WRONG_STATE', `our account ${code} was not verified`, { field })
  if (account.asset === asset) return
  throw new Fault('ASSET_MISMATCH', `our account ${code} is in ${account.asset}, not in ${asset}`, { field })
}
