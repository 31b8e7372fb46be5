import { type Command, Option } from 'commander'
import { BATCH_STATUSES, type BatchStatus } from '../../../ledger/payouts/payout-batch.ts'
import { act } from '../act.ts'
import { batchRow } from './rows.ts'

/** `tributary payout list`. */
export function addList(payout: Command): void {
  payout
    .command('list')
    .addOption(new Option('--status <status>', 'in this status alone').choices(BATCH_STATUSES))
    .description('batches, the last prepared first, up to a hundred')
    .action((options: { readonly status?: BatchStatus }, command: Command) =>
      act(command, async (context) => {
        const { listPayoutBatches } = await import('../../../ledger/payouts/list-payout-batches.ts')
        const { edges } = await listPayoutBatches(context, { ...options, page: { first: 100 } })
        const batches = edges.map(({ node }) => node)
        return { result: batches, rows: batches.map(batchRow) }
      }),
    )
}
