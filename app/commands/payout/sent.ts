import type { Command } from 'commander'
import { onBatch } from './on-batch.ts'

/** `tributary payout sent`. */
export function addSent(payout: Command): void {
  payout
    .command('sent')
    .argument('<batch>', 'pob_…')
    .description('tells that the bank has the file of a batch')
    .action((batch: string, _options: object, command: Command) =>
      onBatch(command, batch, async (context, which) => {
        const { sendPayouts } = await import('../../../ledger/payouts/send-payouts.ts')
        return sendPayouts(context, which)
      }),
    )
}
