import type { Command } from 'commander'
import { act } from '../act.ts'
import { withClosingBar } from './closing-bar.ts'
import { figuresRow } from './figures-row.ts'
import { type PlaceOptions, withPlace } from './place.ts'

/** `tributary period calculate`. */
export function addCalculate(period: Command): void {
  withPlace(period.command('calculate'))
    .description('drafts the statements of a month, as often as wanted before it is locked')
    .action((options: PlaceOptions, command: Command) =>
      act(command, async (context) => {
        const { calculatePeriod } = await import('../../../ledger/settlement/calculate-period.ts')
        const figures = await withClosingBar('calculate', (onProgress) =>
          calculatePeriod(context, { ...options, onProgress }),
        )
        return { result: figures, rows: [figuresRow(figures)] }
      }),
    )
}
