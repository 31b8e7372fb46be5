import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { FOUND_OUTCOMES, type FoundOutcome } from '../../../ledger/payouts/payout.ts'
import { act } from '../act.ts'
import { payoutRow } from './rows.ts'

type ResolveOptions = { readonly outcome: FoundOutcome; readonly evidence: string }

/** `tributary payout resolve`. */
export function addResolve(payout: Command): void {
  payout
    .command('resolve')
    .argument('<payout>', 'pyt_…')
    .addOption(
      new Option('--outcome <outcome>', 'what the bank did with it').choices(FOUND_OUTCOMES).makeOptionMandatory(),
    )
    .requiredOption('--evidence <text>', 'what the bank wrote, and where that is kept')
    .description('tells what became of an unknown payout; so it is once a second person tells the same')
    .action((id: string, options: ResolveOptions, command: Command) =>
      act(command, async (context) => {
        const { resolvePayout } = await import('../../../ledger/payouts/resolve-payout.ts')
        const resolved = await resolvePayout(context, { payout: id, ...options, idempotencyKey: randomUUID() })
        const waits = resolved.finding === undefined ? undefined : 'another person has to tell the same'
        return { result: resolved, rows: [payoutRow(resolved)], ...(waits === undefined ? {} : { sentence: waits }) }
      }),
    )
}
