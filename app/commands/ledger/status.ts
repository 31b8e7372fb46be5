import type { Command } from 'commander'
import type { LogStatus } from '../../../records/log-status.ts'
import { act } from '../act.ts'

/** `tributary ledger status`: fails while sealing is behind. */
export function addStatus(ledger: Command): void {
  ledger
    .command('status')
    .description('what of the log is sealed and signed for, how far behind that is, and what holds it up')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { LONG_LAG_SECONDS, logStatus } = await import('../../../records/log-status.ts')
        const status = await logStatus(context)
        const behind = status.lagSeconds > LONG_LAG_SECONDS
        const { root, ...rest } = status
        return {
          result: { state: behind ? 'BEHIND' : 'CURRENT', ...rest, root: root.toString('base64') },
          rows: rowsOf(status, behind),
          failed: behind,
        }
      }),
    )
}

function rowsOf(
  { sealed, root, unsealed, lagSeconds, checkpoint, writing }: LogStatus,
  behind: boolean,
): readonly Record<'what' | 'value', string>[] {
  const told: readonly (readonly [string, string | undefined])[] = [
    ['sealed', `${sealed} records`],
    ['root', root.toString('base64')],
    ['not sealed yet', `${unsealed} records, the oldest ${lagSeconds.toFixed(1)} s old`],
    ['checkpoint', checkpoint && `of ${checkpoint.size} records, ${checkpoint.seconds.toFixed(0)} s old`],
    ['writing longest', writing && `${writing.application} in ${writing.database}, ${writing.seconds.toFixed(1)} s`],
    ['in the way', behind ? inTheWay(writing) : undefined],
  ]
  return told.flatMap(([what, value]) => (value === undefined ? [] : [{ what, value }]))
}

function inTheWay(writing: LogStatus['writing']): string {
  return writing === undefined
    ? 'no server seals: is one running?'
    : 'nothing that came after the longest writing transaction began is sealed before it ends'
}
