import type { Context } from '../../database/context.ts'
import type { Balance, BalanceFilter } from './balance.ts'
import { selectBalances } from './store/balances.ts'

/**
 * The balances that are not zero, by account and asset, bytewise. Without a prefix it is the trial balance: its sum in
 * each asset is zero.
 */
export async function balances(context: Context, filter: BalanceFilter = {}): Promise<readonly Balance[]> {
  return selectBalances(context.database.reads, filter)
}
