import type { Asset } from '../../kernel/money.ts'
import type { AccountPath } from './entry.ts'

/** What stands on an account in one asset, in minor units; positive is debit. */
export type Balance = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

/** Which balances are asked for. */
export type BalanceFilter = {
  /** An account with all that is below it: `Partner` or `Partner:Payable`, by whole sections. */
  readonly prefix?: string | undefined
  readonly asset?: Asset | undefined
  /** Accounts below one of these are told as one, by its name: there may be millions. */
  readonly together?: readonly string[] | undefined
}

/**
 * As of when: now, when neither is given; after all entries whose time is not later than an instant, whenever they were
 * posted; or after so many records of the log, whatever times their entries have.
 */
export type BalanceMoment =
  | { readonly at?: undefined; readonly seq?: undefined }
  | { readonly at: Date; readonly seq?: undefined }
  | { readonly at?: undefined; readonly seq: number }
