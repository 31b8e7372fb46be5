import type { Command } from 'commander'
import type { ChecklistItem } from '../../../ledger/settlement/checklist.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { type PlaceOptions, withPlace } from './place.ts'

/** `tributary period checklist`. */
export function addChecklist(period: Command): void {
  withPlace(period.command('checklist'))
    .description('what hinders the lock of a month, what hinders that it is closed, and what to know')
    .action((options: PlaceOptions, command: Command) =>
      act(command, async (context) => {
        const { periodChecklist } = await import('../../../ledger/settlement/period-checklist.ts')
        const checklist = await periodChecklist(context, options)
        return { result: checklist, rows: checklist.items.map(rowOf) }
      }),
    )
}

function rowOf({ code, severity, state, count, sentence, command }: ChecklistItem): Row {
  return { code, severity, state, count: count === 0 ? '' : count, sentence, command }
}
