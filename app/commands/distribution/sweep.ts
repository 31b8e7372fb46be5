import type { Command } from 'commander'
import { type SendOptions, sendRows } from './send.ts'
import { actOnChain } from './with-payouts.ts'

/** `tributary distribution sweep`. */
export function addSweep(distribution: Command): void {
  distribution
    .command('sweep')
    .argument('<round>', "the round's id")
    .option('--by-hand', 'only say which call the owner has to make, from whatever wallet')
    .option('--replace', 'send again with higher fees, in place of a transaction that waits')
    .description('takes back, after the deadline, what nobody claimed; safe to run again')
    .action((round: string, options: SendOptions, command: Command) =>
      actOnChain(command, async (context, { chain, budgetWei }) => {
        const { sweepRound } = await import('../../../ledger/distribution/sweep-round.ts')
        const sweeping = await sweepRound(context, { round, chain, budgetWei, ...options })
        return { result: sweeping, rows: sendRows(sweeping) }
      }),
    )
}
