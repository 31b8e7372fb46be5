import type { Context } from '../../database/context.ts'
import { addDays } from '../../kernel/month.ts'
import { holdPayout } from './hold-payout.ts'
import { movePayouts } from './move-payouts.ts'
import { selectSilent } from './store/payouts.ts'

const TOGETHER = 200

/**
 * Tells of payouts that were sent so many days ago, and of which no entry of a bank has spoken, that they are `UNKNOWN`; of
 * none for 0 days. Gives how many. Safe to run at any time, on any number of processes.
 */
export async function doubtSilentPayouts(context: Context, { days }: { readonly days: number }): Promise<number> {
  if (days === 0) return 0
  const since = addDays(context.clock.now(), -days)
  const reason = `no entry of the bank in ${days} days`
  let doubted = 0
  for (;;) {
    const silent = await selectSilent(context.database.reads, since, TOGETHER)
    for (const { id } of silent) {
      doubted += await context.database.transaction(async (tx) => {
        const { payout } = await holdPayout(tx, id)
        if (payout.status !== 'SENT' || payout.movedAt >= since) return 0
        await movePayouts(context, tx, { payouts: [payout], event: { event: 'UNKNOWN', reason } })
        return 1
      })
    }
    if (silent.length < TOGETHER) return doubted
  }
}
