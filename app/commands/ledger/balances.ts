import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import { act } from '../act.ts'

/** `tributary ledger balances`. */
export function addBalances(ledger: Command): void {
  ledger
    .command('balances')
    .description('balance of each account, debits positive')
    .option('--prefix <path>', 'only accounts below this one')
    .action(({ prefix }: { prefix?: string }, command: Command) =>
      act(command, async (context) => {
        const { balances } = await import('../../../ledger/journal/balances.ts')
        const found = await balances(context, prefix === undefined ? {} : { prefix })
        const rows = found.map(({ account, asset, minor }) => ({
          account,
          asset,
          balance: formatDecimal({ asset, minor }),
        }))
        return { result: found, rows }
      }),
    )
}
