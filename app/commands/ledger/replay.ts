import type { Command } from 'commander'
import { act } from '../act.ts'
import { openProgress } from '../progress.ts'

/** `tributary ledger replay`. */
export function addReplay(ledger: Command): void {
  ledger
    .command('replay')
    .description('takes an exported log over into an empty database, with every table that follows from it')
    .argument('<file>', 'what `ledger export --format records` wrote')
    .option('--keys <file>', 'what its --keys wrote: without it nothing personal is readable, and a new key signs')
    .action((file: string, { keys }: { keys?: string }, command: Command) =>
      act(command, async (context) => {
        const { replayLog } = await import('../../../records/replay-log.ts')
        const { customersPort } = await import('../../../customers/keep-customers.ts')
        const { PROJECTORS } = await import('../../projectors.ts')
        const bar = openProgress('replay')
        const report = await replayLog(context, {
          file,
          ...(keys === undefined ? {} : { keysFile: keys }),
          projectors: PROJECTORS,
          customers: customersPort,
          onProgress: ({ phase, done, total }) => bar.show(done, total, phase),
        }).finally(bar.end)
        return { result: report, failed: !report.sound }
      }),
    )
}
