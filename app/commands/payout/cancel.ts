import type { Command } from 'commander'
import { onBatch } from './on-batch.ts'

/** `tributary payout cancel`. */
export function addCancel(payout: Command): void {
  payout
    .command('cancel')
    .argument('<batch>', 'pob_…')
    .requiredOption('--reason <text>', 'why; it stands in the log')
    .description('takes back a batch that was not instructed; its statements may be prepared again')
    .action((batch: string, { reason }: { reason: string }, command: Command) =>
      onBatch(command, batch, async (context, which) => {
        const { cancelPayouts } = await import('../../../ledger/payouts/cancel-payouts.ts')
        return cancelPayouts(context, { ...which, reason })
      }),
    )
}
