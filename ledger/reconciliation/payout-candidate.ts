import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { PayoutStatus } from '../payouts/payout.ts'

/** A payout that an entry may mean. */
export type PayoutCandidate = {
  readonly id: Id<'pyt'>
  readonly statementNumber: string
  readonly status: PayoutStatus
  readonly asset: Asset
  /** What goes to the bank, minor units. */
  readonly transfer: bigint
  /** Code of the account of ours that pays. */
  readonly ownAccount: string
  /** The partner’s account, and a keyed digest of its number where it is asked for. */
  readonly account: Id<'bka'>
  readonly accountDigest: string | undefined
  /** Whether an entry by which its money left is known, and one by which it came back. */
  readonly settled: boolean
  readonly returned: boolean
}
