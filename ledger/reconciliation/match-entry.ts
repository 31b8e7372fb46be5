import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { accountPath } from '../journal/chart.ts'
import { postEntries } from '../journal/post-entries.ts'
import type { BankEntry } from './bank-entry.ts'
import { bookingTime, concludeEntry } from './conclude-entry.ts'
import { diagnoseEntry } from './diagnose-entry.ts'
import { gatherCandidates } from './gather-candidates.ts'
import type { KnownAccount } from './known-accounts.ts'
import { tellBreak } from './move-break.ts'
import { payByEntry } from './pay-by-entry.ts'
import { holdOwnAccount } from './store/bank-entries.ts'
import { selectBreakOfEntry } from './store/breaks.ts'
import { selectUnmatched } from './store/matches.ts'

/** What became of an entry in a run. */
export type MatchOutcome = 'MATCHED' | 'CHARGED' | 'BREAK' | 'DONE_BEFORE'

/**
 * Matches one entry in a transaction of its own, or says what does not fit. Of two processes the second finds it done. A
 * break that waits for a second person is left as it is.
 */
export async function matchEntry(context: Context, account: KnownAccount, id: Id<'bke'>): Promise<MatchOutcome> {
  return context.database.transaction(async (tx) => {
    await holdOwnAccount(tx, account.id)
    const entry = await selectUnmatched(tx, id)
    if (entry === undefined) return 'DONE_BEFORE'
    if (entry.kind === 'CHARGE') return bookCharge(context, tx, entry, account)
    const standing = await selectBreakOfEntry(tx, id)
    if (standing?.proposal !== undefined) return 'BREAK'
    const found = await gatherCandidates(context, tx, entry, account.code)
    const said = diagnoseEntry({ ...entry, ownAccount: account.code }, found)
    if (said.is === 'BREAK') {
      const { ownAccount, asset, minor } = entry
      const { kind, payout, about } = said
      await tellBreak(context, tx, { kind, ownAccount, asset, entry: id, payout, minor, about }, standing)
      return 'BREAK'
    }
    const payouts = said.payouts.map((payout) => payout.id)
    const references = await payByEntry(context, tx, { entry, account, payouts })
    await concludeEntry(context, tx, { entry, account, how: said.how, payouts, posted: { references } })
    return 'MATCHED'
  })
}

/** What the bank took with a payment is its fee, whatever the payment is. Source: RULES §6. */
async function bookCharge(
  context: Context,
  tx: Transaction,
  entry: BankEntry,
  account: KnownAccount,
): Promise<MatchOutcome> {
  const { id, asset, minor } = entry
  const reference = `bank:${id}:fee`
  const postings = [
    { account: accountPath('Expenses:PayoutFees'), asset, minor: -minor },
    { account: accountPath('Bank', account.code), asset, minor },
  ]
  await postEntries(context, tx, [{ at: bookingTime(entry), reference, description: 'Charges of the bank', postings }])
  await concludeEntry(context, tx, { entry, account, how: 'CHARGE', payouts: [], posted: { references: [reference] } })
  return 'CHARGED'
}
