import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { addDays } from '../../kernel/month.ts'
import type { BankBreak, BreakSubject } from './bank-break.ts'
import type { KnownAccount } from './known-accounts.ts'
import { moveBreak, tellBreak } from './move-break.ts'
import { openGaps } from './open-gaps.ts'
import { holdOwnAccount } from './store/bank-entries.ts'
import { selectOpenWithoutEntry } from './store/breaks.ts'
import { selectBooked, selectGaps, selectSilentPayouts } from './store/gaps.ts'

/**
 * Looks again at what is about no entry of an account: gaps between its balances, and payouts that were sent so many days ago
 * and did not come. What is no more is resolved as `GONE`; what waits for a second person is left as it is.
 */
export async function refreshBreaks(context: Context, account: KnownAccount, missingDays: number): Promise<void> {
  await context.database.transaction(async (tx) => {
    await holdOwnAccount(tx, account.id)
    const standing = await selectOpenWithoutEntry(tx, account.id)
    const subjects = [
      ...(await gapsOf(tx, account)),
      ...(await silentOf(tx, account, addDays(context.clock.now(), -missingDays))),
    ]
    const told = new Set<string>()
    for (const subject of subjects) {
      const same = standing.find((one) => keyOf(one) === keyOf(subject))
      told.add(keyOf(subject))
      if (same?.proposal === undefined) await tellBreak(context, tx, subject, same)
    }
    for (const one of standing) {
      if (!told.has(keyOf(one))) await moveBreak(context, tx, one, { event: 'RESOLVED', resolution: 'GONE' })
    }
  })
}

function keyOf({ kind, gapOn, payout }: BreakSubject | BankBreak): string {
  return `${kind} ${gapOn ?? payout}`
}

async function gapsOf(tx: Transaction, { id, asset }: KnownAccount): Promise<readonly BreakSubject[]> {
  const gaps = openGaps(await selectGaps(tx, id), await selectBooked(tx, id))
  return gaps.map(({ on: gapOn, minor }) => ({
    ...{ kind: 'BALANCE_GAP', ownAccount: id, asset, gapOn, minor },
    about: 'the closing balance is not the one before it and what was booked since',
  }))
}

async function silentOf(tx: Transaction, account: KnownAccount, before: Date): Promise<readonly BreakSubject[]> {
  const silent = await selectSilentPayouts(tx, account.code, before)
  return silent.map(({ payout, number, minor }) => ({
    ...{ kind: 'NOT_AT_BANK', ownAccount: account.id, asset: account.asset, payout, minor },
    about: `the payout of statement ${number} was sent, and no entry of the bank came`,
  }))
}
