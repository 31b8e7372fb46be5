import type { Context } from '../../database/context.ts'
import { keepAcceptances } from './keep-acceptances.ts'
import { holdSilent } from './store/standing.ts'

const STATEMENTS_AT_ONCE = 500

/**
 * Accepts every statement that nobody answered to while it could be disputed, some in each transaction, and says how many.
 * They counted as accepted before it: it writes down what is so. It may be stopped at any point and run again, or by several
 * processes at once. Source: RULES §6.
 */
export async function acceptSilent(context: Context): Promise<number> {
  let accepted = 0
  for (;;) {
    const count = await context.database.transaction(async (tx) => {
      const silent = await holdSilent(tx, { now: context.clock.now(), limit: STATEMENTS_AT_ONCE })
      await keepAcceptances(
        context,
        tx,
        silent.map((one) => ({ ...one, reason: 'SILENCE', by: 'system:worker' })),
      )
      return silent.length
    })
    accepted += count
    if (count === 0) return accepted
  }
}
