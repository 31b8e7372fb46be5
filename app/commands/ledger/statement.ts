import type { Command } from 'commander'
import { formatDecimal, parseAsset } from '../../../kernel/money.ts'
import { act } from '../act.ts'
import { readInstant, readWhole } from './moment.ts'

type StatementOptions = {
  readonly asset?: string
  readonly from?: string
  readonly to?: string
  readonly limit: string
  readonly after?: string
}

/** `tributary ledger statement ACCOUNT`. */
export function addStatement(ledger: Command): void {
  ledger
    .command('statement <account>')
    .description('what moved on an account, with opening, running and closing balance')
    .option('--asset <asset>', 'such as CNY/2; needed when the account holds several')
    .option('--from <time>', 'from this time on, such as 2026-01-01T00:00:00Z')
    .option('--to <time>', 'up to this time, which is not in it')
    .option('--limit <lines>', 'at most so many lines, 1 to 100', '50')
    .option('--after <cursor>', 'go on behind the last line of the page before')
    .action((account: string, options: StatementOptions, command: Command) =>
      act(command, async (context) => {
        const { accountStatement } = await import('../../../ledger/journal/account-statement.ts')
        const { asset, from, to, limit, after } = options
        const found = await accountStatement(context, {
          account,
          asset: asset === undefined ? undefined : parseAsset(asset),
          from: from === undefined ? undefined : readInstant('--from', from),
          to: to === undefined ? undefined : readInstant('--to', to),
          page: { first: readWhole('--limit', limit), after },
        })
        const shown = (minor: bigint): string => formatDecimal({ asset: found.asset, minor })
        const line = (description: string, balance = '') => ({
          at: '',
          reference: '',
          description,
          amount: '',
          balance,
        })
        const rows = [
          line('opening balance', shown(found.opening)),
          ...found.lines.edges.map(({ node: { at, reference, description, minor, balance } }) => ({
            at: at.toISOString(),
            reference,
            description,
            amount: shown(minor),
            balance: shown(balance),
          })),
          ...(found.lines.hasNextPage ? [line(`more: --after ${found.lines.edges.at(-1)?.cursor}`)] : []),
          line('closing balance', shown(found.closing)),
        ]
        return { result: found, rows }
      }),
    )
}
