import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import { act } from '../act.ts'
import { type MomentOptions, readMoment } from './moment.ts'

/** `tributary ledger balances`. */
export function addBalances(ledger: Command): void {
  ledger
    .command('balances')
    .description('balance of each account, debits positive')
    .option('--prefix <path>', 'only accounts below this one')
    .option('--at <time>', 'after all entries up to a time, such as 2026-01-31T08:00:00Z')
    .option('--seq <number>', 'after so many records of the log')
    .action(({ prefix, ...options }: { prefix?: string } & MomentOptions, command: Command) =>
      act(command, async (context) => {
        const { balances } = await import('../../../ledger/journal/balances.ts')
        const found = await balances(context, { ...readMoment(options), prefix })
        const rows = found.map(({ account, asset, minor }) => ({
          account,
          asset,
          balance: formatDecimal({ asset, minor }),
        }))
        return { result: found, rows }
      }),
    )
}
