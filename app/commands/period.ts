import type { Command } from 'commander'
import { formatDecimal } from '../../kernel/money.ts'
import { act } from './act.ts'
import { addReport } from './period/report.ts'
import { openProgress } from './progress.ts'

type PeriodOptions = { readonly programme: string; readonly month: string }

/** `tributary period close`. */
export function addPeriod(program: Command): void {
  const period = program.command('period').description('periods: calendar months of a programme')
  addReport(period)
  period
    .command('close')
    .description('calculates the month, issues its statements and posts the journal; safe to run again')
    .requiredOption('--programme <code>')
    .requiredOption('--month <month>', 'such as 2026-01')
    .action((options: PeriodOptions, command: Command) =>
      act(command, async (context) => {
        const { closePeriod } = await import('../../ledger/settlement/close-period.ts')
        const bar = openProgress('close')
        const closed = await closePeriod(context, {
          ...options,
          onProgress: ({ step, facts, of }) => bar.show(facts, of ?? facts, step.toLowerCase()),
        }).finally(bar.end)
        const { asset } = closed.programme
        const { period, statements, facts, points, lateFacts } = closed
        const [earned, clawbacks, payout] = [closed.earned, closed.clawbacks, closed.payout].map((minor) =>
          formatDecimal({ asset, minor }),
        )
        return {
          result: closed,
          rows: [
            {
              month: period.month,
              status: period.status,
              statements,
              facts,
              earned,
              clawbacks,
              payout,
              points,
              lateFacts,
            },
          ],
        }
      }),
    )
}
