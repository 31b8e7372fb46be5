import type { Command } from 'commander'
import { act } from '../act.ts'
import { withBar } from '../progress.ts'

/** `tributary bank match`. */
export function addMatch(bank: Command): void {
  bank
    .command('match')
    .option('--account <code>', 'of this account of ours alone')
    .description('matches entries with payouts, and tells what does not fit; safe to run again')
    .action(({ account: ownAccount }: { account?: string }, command: Command) =>
      act(command, async (context) => {
        const { matchBankEntries } = await import('../../../ledger/reconciliation/match-bank-entries.ts')
        const result = await withBar('match', (onProgress) => matchBankEntries(context, { ownAccount, onProgress }))
        return { result, rows: [result] }
      }),
    )
}
