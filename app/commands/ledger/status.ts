import type { Command } from 'commander'
import { act } from '../act.ts'

/** `tributary ledger status`. */
export function addStatus(ledger: Command): void {
  ledger
    .command('status')
    .description('how far sealing and signing have come, and what may hold them up')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { logStatus } = await import('../../../records/log-status.ts')
        const { root, ...status } = await logStatus(context)
        return { result: { ...status, root: root.toString('base64') } }
      }),
    )
}
