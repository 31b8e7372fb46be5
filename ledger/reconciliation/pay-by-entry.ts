import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { returnPayout } from '../payouts/return-payout.ts'
import { settlePayout } from '../payouts/settle-payout.ts'
import type { BankEntry } from './bank-entry.ts'
import { bookingTime } from './conclude-entry.ts'
import type { KnownAccount } from './known-accounts.ts'

const NO_REASON = 'returned by the bank'

/** Settles payouts with an entry that went out, or returns them with one that came in. Gives the journal's references. */
export async function payByEntry(
  context: Context,
  tx: Transaction,
  {
    entry,
    account,
    payouts,
  }: {
    readonly entry: BankEntry
    readonly account: KnownAccount
    readonly payouts: readonly Id<'pyt'>[]
  },
): Promise<readonly string[]> {
  const { id: bankEntry, minor, returnReason } = entry
  const common = { at: bookingTime(entry), ownAccount: account.code, bankEntry }
  for (const payout of payouts) {
    if (minor < 0n) await settlePayout(context, tx, { payout, ...common })
    else await returnPayout(context, tx, { payout, ...common, reason: returnReason ?? NO_REASON })
  }
  return payouts.map((payout) => `payout:${payout}:${minor < 0n ? 'settled' : 'returned'}`)
}
