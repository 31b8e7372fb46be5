import type { Command } from 'commander'
import { act } from '../act.ts'
import { readJson } from '../read-json.ts'

/** `tributary ledger chart check`: fails when something was posted to an account that the mapping does not have. */
export function addChart(ledger: Command): void {
  ledger
    .command('chart')
    .description('mappings to the finance system’s chart of accounts')
    .command('check')
    .argument('<file>', 'a mapping, such as examples/chart-cas.json')
    .description('shows where each of our accounts stands there; fails when one is not mapped')
    .action((file: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { parseFinanceChart } = await import('../../../ledger/journal/finance/parse-finance-chart.ts')
        const { checkFinanceChart } = await import('../../../ledger/journal/finance/check-finance-chart.ts')
        const accounts = await checkFinanceChart(context, parseFinanceChart(await readJson(file)))
        const unmapped = accounts.filter(({ finance }) => finance === undefined).length
        return {
          result: { mapped: unmapped === 0, accounts },
          rows: accounts.map(({ account, asset, finance }) => ({
            ...{ account, asset },
            code: finance?.code ?? 'NOT MAPPED',
            name: finance?.name ?? '',
          })),
          sentence: unmapped === 0 ? 'All accounts are mapped.' : `${unmapped} of ${accounts.length} are not mapped.`,
          failed: unmapped > 0,
        }
      }),
    )
}
