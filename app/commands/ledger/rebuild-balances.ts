import type { Command } from 'commander'
import { act } from '../act.ts'
import { withBar } from '../progress.ts'

/** `tributary ledger rebuild-balances`. */
export function addRebuildBalances(ledger: Command): void {
  ledger
    .command('rebuild-balances')
    .description('makes the folded totals of all balances anew out of the sealed postings')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { rebuildBalances } = await import('../../../ledger/journal/rebuild-balances.ts')
        const records = await withBar('balances', (onProgress) => rebuildBalances(context, { onProgress }))
        return { result: { records } }
      }),
    )
}
