import type { Command } from 'commander'
import { formatDecimal } from '../../kernel/money.ts'
import { act } from './act.ts'

/** `tributary statement list`. */
export function addStatement(program: Command): void {
  program
    .command('statement')
    .description('what partners earned')
    .command('list')
    .option('--month <month>', 'such as 2026-01')
    .action(({ month }: { month?: string }, command: Command) =>
      act(command, async (context) => {
        const { listStatements } = await import('../../ledger/settlement/list-statements.ts')
        const { parseMonth } = await import('../../kernel/month.ts')
        const chosen = month === undefined ? {} : { month: parseMonth(month) }
        const statements = (await listStatements(context, { ...chosen, page: { first: 100 } })).edges.map(
          ({ node }) => node,
        )
        const rows = statements.map(({ number, asset, earned, holdback, payout, closing }) => ({
          number,
          asset,
          earned: formatDecimal({ asset, minor: earned }),
          holdback: formatDecimal({ asset, minor: holdback }),
          payout: formatDecimal({ asset, minor: payout }),
          closing: formatDecimal({ asset, minor: closing }),
        }))
        return { result: statements, rows }
      }),
    )
}
