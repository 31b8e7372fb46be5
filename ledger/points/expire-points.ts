import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { expireOverdue } from './expire-overdue.ts'
import { accountsById } from './store/points-accounts.ts'
import { selectOverdue } from './store/points-lots.ts'
import { sumPoints } from './take-points.ts'

const ACCOUNTS_AT_ONCE = 200

/** What a sweep let go. */
export type ExpiredPoints = { readonly accounts: number; readonly lots: number; readonly points: bigint }

/**
 * Lets go all points that are past their end, some accounts in each transaction, with their records and entries as of that
 * end. It may be stopped at any point and run again, or by several processes at once: what is gone is gone once. Source:
 * RULES §6.
 */
export async function expirePoints(context: Context): Promise<ExpiredPoints> {
  const swept = { accounts: 0, lots: 0, points: 0n }
  let after: Id<'pta'> | undefined
  for (;;) {
    const now = context.clock.now()
    const ids = await selectOverdue(context.database.reads, { now, after, limit: ACCOUNTS_AT_ONCE })
    if (ids.length === 0) return swept
    const lots = await context.database.transaction(async (tx) => {
      return expireOverdue(context, tx, await accountsById(tx, ids))
    })
    swept.accounts += ids.length
    swept.lots += lots.length
    swept.points += sumPoints(lots)
    after = ids.at(-1)
  }
}
