import type { Command } from 'commander'
import { act } from '../act.ts'

/** `tributary ledger accounts`: the chart, or with a prefix the accounts that there are. */
export function addAccounts(ledger: Command): void {
  ledger
    .command('accounts')
    .description('the chart of accounts, and how many there are of each; with --prefix the accounts themselves')
    .option('--prefix <path>', 'this account and those below it')
    .action(({ prefix }: { prefix?: string }, command: Command) =>
      act(command, async (context) => {
        const { listAccounts, showChart } = await import('../../../ledger/journal/list-accounts.ts')
        if (prefix === undefined) {
          const chart = await showChart(context)
          return { result: chart, rows: chart.map(({ about, ...row }) => ({ ...row, about })) }
        }
        const found = await listAccounts(context, { prefix, page: { first: 100 } })
        const accounts = found.edges.map(({ node }) => node)
        const rows = accounts.map(({ path, type }) => ({ account: path, type: type ?? 'not of the chart' }))
        return {
          result: accounts,
          rows: found.hasNextPage ? [...rows, { account: 'more: give a longer prefix', type: '' }] : rows,
        }
      }),
    )
}
