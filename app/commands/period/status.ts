import type { Command } from 'commander'
import { act } from '../act.ts'
import { type PlaceOptions, withPlace } from './place.ts'

/** `tributary period status`. */
export function addPeriodStatus(period: Command): void {
  withPlace(period.command('status'))
    .description('where a month stands, and how far its calculation is')
    .action((options: PlaceOptions, command: Command) =>
      act(command, async (context) => {
        const { periodStatus } = await import('../../../ledger/settlement/period-status.ts')
        const standing = await periodStatus(context, options)
        const { month, status, going, progress } = standing
        return {
          result: standing,
          rows: [
            {
              ...{ month, status },
              step: progress?.step.toLowerCase(),
              facts: progress?.facts,
              of: progress?.of,
              by: progress?.startedBy,
              began: progress?.startedAt,
              told: progress?.toldAt,
              going: going ? 'yes' : 'no',
            },
          ],
        }
      }),
    )
}
