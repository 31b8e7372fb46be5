import type { Command } from 'commander'
import { type Asset, formatDecimal } from '../../../kernel/money.ts'
import { act } from '../act.ts'
import { type MomentOptions, readMoment } from './moment.ts'

/** `tributary ledger trial-balance`: fails when the columns do not agree. */
export function addTrialBalance(ledger: Command): void {
  ledger
    .command('trial-balance')
    .description('all balances in two columns, whose sums agree in each asset')
    .option('--at <time>', 'after all entries up to a time, such as 2026-01-31T08:00:00Z')
    .option('--seq <number>', 'after so many records of the log')
    .action((options: MomentOptions, command: Command) =>
      act(command, async (context) => {
        const { trialBalance } = await import('../../../ledger/journal/trial-balance.ts')
        const found = await trialBalance(context, readMoment(options))
        const rows = [...found.rows, ...found.totals.map((total) => ({ account: 'total', ...total }))]
        return { result: found, rows: rows.map(rowOf), failed: !found.balanced }
      }),
    )
}

type Columns = { readonly account: string; readonly asset: Asset; readonly debit: bigint; readonly credit: bigint }

function rowOf({ account, asset, debit, credit }: Columns): Record<'account' | 'asset' | 'debit' | 'credit', string> {
  const shown = (minor: bigint): string => (minor === 0n ? '' : formatDecimal({ asset, minor }))
  return { account, asset, debit: shown(debit), credit: shown(credit) }
}
