import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { formatDecimal } from '../../../kernel/money.ts'
import type { Statement } from '../../../ledger/settlement/statement.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

type ListOptions = { readonly month?: string; readonly programme?: string; readonly partner?: string }

const AMOUNTS = [
  ...(['opening', 'earned', 'holdback', 'released', 'clawbacks', 'payout'] as const),
  ...(['vat', 'withholding', 'transfer', 'closing'] as const),
]

/** `tributary statement list`. */
export function addList(statement: Command): void {
  statement
    .command('list')
    .option('--month <month>', 'such as 2026-01')
    .option('--programme <code>', 'of this programme alone')
    .option('--partner <code>', 'of this partner alone')
    .description('statements that were issued, oldest first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listStatements } = await import('../../../ledger/settlement/list-statements.ts')
        const { findProgramme } = await import('../../../ledger/agreements/find-programme.ts')
        const { findPartner } = await import('../../../partners/find-partner.ts')
        const { parseMonth } = await import('../../../kernel/month.ts')
        const { month, programme, partner } = options
        const filter = {
          month: month === undefined ? undefined : parseMonth(month),
          programme: await idNamed('programme', programme, (named) => findProgramme(context, named)),
          partner: await idNamed('partner', partner, (named) => findPartner(context, named)),
        }
        const { edges, hasNextPage } = await listStatements(context, { ...filter, page: { first: 100 } })
        const statements = edges.map(({ node }) => node)
        const more = hasNextPage ? { sentence: 'There are more: name a month, a programme or a partner.' } : {}
        return { result: statements, rows: statements.map(rowOf), ...more }
      }),
    )
}

async function idNamed<T>(
  what: string,
  named: string | undefined,
  find: (named: string) => Promise<{ readonly id: T } | undefined>,
): Promise<T | undefined> {
  if (named === undefined) return undefined
  const found = await find(named)
  if (found !== undefined) return found.id
  throw new Fault('NOT_FOUND', `there is no ${what} ${JSON.stringify(named.slice(0, 60))}`, { field: what })
}

function rowOf(statement: Statement): Row {
  const { number, status, asset } = statement
  const amounts = AMOUNTS.map((name) => [name, formatDecimal({ asset, minor: statement[name] })])
  return { number, status, asset, ...Object.fromEntries(amounts) }
}
