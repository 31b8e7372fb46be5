import type { Command } from 'commander'
import { type SendOptions, sendRows } from './send.ts'
import { actOnChain } from './with-payouts.ts'

/** `tributary distribution fund`. */
export function addFund(distribution: Command): void {
  distribution
    .command('fund')
    .argument('<round>', "the round's id")
    .option('--by-hand', 'only say which calls the owner has to make, from whatever wallet')
    .option('--replace', 'send again with higher fees, in place of a transaction that waits')
    .description('opens an approved round in the contract, with its money; safe to run again')
    .action((round: string, options: SendOptions, command: Command) =>
      actOnChain(command, async (context, { chain, budgetWei }) => {
        const { fundRound } = await import('../../../ledger/distribution/fund-round.ts')
        const funding = await fundRound(context, { round, chain, budgetWei, ...options })
        return { result: funding, rows: sendRows(funding) }
      }),
    )
}
