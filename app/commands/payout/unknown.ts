import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { act } from '../act.ts'
import { payoutRow } from './rows.ts'

/** `tributary payout unknown`. */
export function addUnknown(payout: Command): void {
  payout
    .command('unknown')
    .argument('<payout>', 'pyt_…')
    .requiredOption('--reason <text>', 'why the bank’s answer is not known')
    .description('tells that nobody knows what became of a payout: it is not sent again before that is found out')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { doubtPayout } = await import('../../../ledger/payouts/doubt-payout.ts')
        const doubted = await doubtPayout(context, { payout: id, reason, idempotencyKey: randomUUID() })
        return { result: doubted, rows: [payoutRow(doubted)] }
      }),
    )
}
