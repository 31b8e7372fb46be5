import type { Command } from 'commander'
import { act } from '../act.ts'
import { roundRow } from './rows.ts'

/** `tributary distribution cancel`. */
export function addCancel(distribution: Command): void {
  distribution
    .command('cancel')
    .argument('<round>', "the round's id")
    .requiredOption('--reason <text>', 'why; it stands in the log')
    .description('takes back a round that was not yet funded; its statements may be planned again')
    .action((round: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { cancelRound } = await import('../../../ledger/distribution/cancel-round.ts')
        const cancelled = await cancelRound(context, { round, reason })
        return { result: cancelled, rows: [roundRow(cancelled)] }
      }),
    )
}
