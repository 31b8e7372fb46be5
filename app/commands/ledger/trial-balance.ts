import type { Command } from 'commander'
import { type Asset, formatDecimal } from '../../../kernel/money.ts'
import type { FinanceAccount } from '../../../ledger/journal/finance/finance-chart.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { CHART_OPTION, readChart } from '../read-chart.ts'
import { type MomentOptions, readMoment } from './moment.ts'

/** `tributary ledger trial-balance`: fails when the columns do not agree. */
export function addTrialBalance(ledger: Command): void {
  ledger
    .command('trial-balance')
    .description('all balances in two columns, whose sums agree in each asset')
    .option('--at <time>', 'after all entries up to a time, such as 2026-01-31T08:00:00Z')
    .option('--seq <number>', 'after so many records of the log')
    .option(...CHART_OPTION)
    .action(({ chart: file, ...options }: MomentOptions & { readonly chart?: string }, command: Command) =>
      act(command, async (context) => {
        const chart = await readChart(file)
        const { trialBalance } = await import('../../../ledger/journal/trial-balance.ts')
        const found = await trialBalance(context, readMoment(options))
        const { requirePlace } = await import('../../../ledger/journal/finance/check-finance-chart.ts')
        const placed = found.rows.map((row) =>
          chart === undefined ? row : { ...row, ...financeOf(requirePlace(chart, row)) },
        )
        const totals = found.totals.map((total) => ({ account: 'total', ...total }))
        const rows = [
          ...placed,
          ...totals.map((total) => (chart === undefined ? total : { code: '', name: '', ...total })),
        ]
        return { result: { ...found, rows: placed }, rows: rows.map(rowOf), failed: !found.balanced }
      }),
    )
}

type Columns = Partial<FinanceAccount> & {
  readonly account: string
  readonly asset: Asset
  readonly debit: bigint
  readonly credit: bigint
}

function financeOf({ code, name }: FinanceAccount): FinanceAccount {
  return { code, name }
}

function rowOf({ account, asset, debit, credit, code, name }: Columns): Row {
  const shown = (minor: bigint): string => (minor === 0n ? '' : formatDecimal({ asset, minor }))
  const finance = code === undefined ? {} : { code, name }
  return { account, ...finance, asset, debit: shown(debit), credit: shown(credit) }
}
