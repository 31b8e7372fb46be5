import type { Command } from 'commander'
import { act } from '../act.ts'
import { roundRow } from './rows.ts'

/** `tributary distribution status`. */
export function addStatus(distribution: Command): void {
  distribution
    .command('status')
    .description('the last hundred rounds, the newest first, as they are booked')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listRounds } = await import('../../../ledger/distribution/list-rounds.ts')
        const rounds = await listRounds(context)
        return { result: rounds, rows: rounds.map(roundRow) }
      }),
    )
}
