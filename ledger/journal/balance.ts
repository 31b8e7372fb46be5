import type { Asset } from '../../kernel/money.ts'
import type { AccountPath } from './entry.ts'

/** What stands on an account in one asset, in minor units; positive is debit. */
export type Balance = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

/** Which balances are asked for. */
export type BalanceFilter = {
  /** An account with all that is below it: `Partner` or `Partner:Payable`, by whole sections. */
  readonly prefix?: string
  readonly asset?: Asset
}
