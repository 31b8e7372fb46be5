import type { Command } from 'commander'
import { onBatch } from './on-batch.ts'

/** `tributary payout instruct`. */
export function addInstruct(payout: Command): void {
  payout
    .command('instruct')
    .argument('<batch>', 'pob_…')
    .description('books an approved batch and fixes its file, which may leave from then on')
    .action((batch: string, _options: object, command: Command) =>
      onBatch(command, batch, async (context, which) => {
        const { instructPayouts } = await import('../../../ledger/payouts/instruct-payouts.ts')
        return instructPayouts(context, which)
      }),
    )
}
