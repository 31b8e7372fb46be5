import type { Context } from '../../database/context.ts'
import { foldBehind, takeFoldTurn } from './store/folding.ts'

const BATCH_RECORDS = 5000

/**
 * Adds the postings of the next sealed records to the folded totals, in the order of the log; returns how many records,
 * 0 when all that is sealed is folded. Any process may call it at any time: they take turns, writers never wait for it,
 * and every balance is the same before and after. See ADR 7.
 */
export async function foldBalances(context: Context, limit = BATCH_RECORDS): Promise<number> {
  return context.database.transaction(async (tx) => {
    const head = await takeFoldTurn(tx)
    return foldBehind(tx, head, limit)
  })
}
