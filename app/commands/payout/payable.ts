import type { Command } from 'commander'
import { act } from '../act.ts'
import { payableRow } from './rows.ts'

type PayableOptions = { readonly asset?: string; readonly programme?: string; readonly month?: string }

/** `tributary payout payable`. */
export function addPayable(payout: Command): void {
  payout
    .command('payable')
    .option('--asset <asset>', 'in this asset only, such as CNY/2')
    .option('--programme <code>', 'statements of this programme only')
    .option('--month <month>', 'statements of this month only, such as 2026-01')
    .description('statements of which something is left to pay, and what hinders each')
    .action((options: PayableOptions, command: Command) =>
      act(command, async (context) => {
        const { listPayable } = await import('../../../ledger/payouts/list-payable.ts')
        const payable = await listPayable(context, options)
        return { result: payable, rows: payable.map(payableRow) }
      }),
    )
}
