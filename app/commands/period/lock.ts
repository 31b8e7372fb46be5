import type { Command } from 'commander'
import { act } from '../act.ts'
import { figuresRow } from './figures-row.ts'
import { type LockOptions, withAcknowledge, withPlace } from './place.ts'

/** `tributary period lock`. */
export function addLock(period: Command): void {
  withAcknowledge(withPlace(period.command('lock')))
    .description('issues the statements of a month as they were calculated, and posts the journal, for good')
    .action(({ acknowledge, ...place }: LockOptions, command: Command) =>
      act(command, async (context) => {
        const { lockPeriod } = await import('../../../ledger/settlement/lock-period.ts')
        const locked = await lockPeriod(context, { ...place, acknowledged: acknowledge })
        const { factsSince } = locked
        return {
          result: locked,
          rows: [figuresRow(locked)],
          ...(factsSince > 0 && { sentence: `${factsSince} that came since the calculation wait for a later month.` }),
        }
      }),
    )
}
