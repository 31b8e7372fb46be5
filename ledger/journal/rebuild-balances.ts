import type { Context } from '../../database/context.ts'
import { foldBalances } from './fold-balances.ts'
import { countSealed } from './store/balance-checks.ts'
import { forgetTotals, takeFoldTurn } from './store/folding.ts'
import type { OnJournalProgress } from './verify-journal.ts'

/**
 * Makes the folded totals anew out of what is sealed, and returns how many records that were. Balances are exact all the
 * while, only slower to read.
 */
export async function rebuildBalances(
  context: Context,
  { onProgress }: { readonly onProgress?: OnJournalProgress | undefined } = {},
): Promise<number> {
  await context.database.transaction(async (tx) => {
    await takeFoldTurn(tx)
    await forgetTotals(tx)
  })
  const total = await countSealed(context.database.reads)
  let done = 0
  for (;;) {
    const folded = await foldBalances(context)
    if (folded === 0) return done
    done += folded
    onProgress?.({ done, total: Math.max(done, total) })
  }
}
