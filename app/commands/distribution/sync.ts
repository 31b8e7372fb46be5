import type { Command } from 'commander'
import { roundRow } from './rows.ts'
import { actOnChain } from './with-payouts.ts'

/** `tributary distribution sync`: what the worker does by itself while the server runs. */
export function addSync(distribution: Command): void {
  distribution
    .command('sync')
    .description('books what the contract says: rounds that were funded, claims, what came back')
    .action((_options: object, command: Command) =>
      actOnChain(command, async (context, { chain, confirmations }) => {
        const { syncRounds } = await import('../../../ledger/distribution/sync-rounds.ts')
        const synced = await syncRounds(context, { chain, confirmations })
        return { result: synced, rows: synced.map(({ round, claimed }) => ({ ...roundRow(round), booked: claimed })) }
      }),
    )
}
