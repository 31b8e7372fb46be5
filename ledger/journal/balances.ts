import type { Context } from '../../database/context.ts'
import type { Asset } from '../../kernel/money.ts'
import type { AccountPath } from './entry.ts'
import { selectBalances } from './store/balances.ts'

/** What stands on an account in one asset, in minor units; positive is debit. */
export type Balance = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

export type BalanceFilter = {
  /** An account with all that is below it: `Partner` or `Partner:Payable`, by whole sections. */
  readonly prefix?: string
  readonly asset?: Asset
}

/**
 * The balances that are not zero, by account and asset, bytewise. Without a prefix it is the trial balance: its sum in
 * each asset is zero.
 */
export async function balances(context: Context, filter: BalanceFilter = {}): Promise<readonly Balance[]> {
  return selectBalances(context.database.reads, filter)
}
