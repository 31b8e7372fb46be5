import type { Command } from 'commander'
import { act } from '../act.ts'

/** `tributary period list`. */
export function addPeriods(period: Command): void {
  period
    .command('list')
    .requiredOption('--programme <code>')
    .description('months of a programme whose closing was tried, oldest first, up to a hundred')
    .action(({ programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { listPeriods } = await import('../../../ledger/settlement/list-periods.ts')
        const { edges } = await listPeriods(context, { programme, page: { first: 100 } })
        const periods = edges.map(({ node }) => node)
        const rows = periods.map(({ month, status, cutAt, lockedAt, lockedBy, closedAt }) => ({
          ...{ month, status },
          calculated: cutAt,
          locked: lockedAt,
          by: lockedBy,
          closed: closedAt,
        }))
        return { result: periods, rows }
      }),
    )
}
