import type { Command } from 'commander'
import { act } from '../act.ts'
import { roundRow } from './rows.ts'

/** `tributary distribution approve`. */
export function addApprove(distribution: Command): void {
  distribution
    .command('approve')
    .argument('<round>', "the round's id")
    .description('lets a round be funded: by another person than planned it')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { approveRound } = await import('../../../ledger/distribution/approve-round.ts')
        const round = await approveRound(context, id)
        return { result: round, rows: [roundRow(round)] }
      }),
    )
}
