import type { Command } from 'commander'
import { onBatch } from './on-batch.ts'

/** `tributary payout approve`. */
export function addApprove(payout: Command): void {
  payout
    .command('approve')
    .argument('<batch>', 'pob_…')
    .description('lets a batch be instructed: by another person than prepared it')
    .action((batch: string, _options: object, command: Command) =>
      onBatch(command, batch, async (context, which) => {
        const { approvePayouts } = await import('../../../ledger/payouts/approve-payouts.ts')
        return approvePayouts(context, which)
      }),
    )
}
