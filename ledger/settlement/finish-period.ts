import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { checklistOf, codesAndCounts, hindering } from './checklist.ts'
import { closingRecord } from './lock-records.ts'
import type { Period } from './period.ts'
import { openOfLocked } from './period-checklist.ts'
import type { Place } from './place.ts'
import { holdLocked } from './store/periods.ts'
import { keepClosed } from './store/told-periods.ts'

/**
 * Closes a locked month of which nothing is left to pay or to dispute, for good. Throws `WRONG_STATE` with the codes of what
 * is left, and when it is closed already.
 */
export async function finishPeriod({ context, programme, month }: Place, locked: Period): Promise<Period> {
  return context.database.transaction(async (tx) => {
    const period = await holdLocked(tx, locked.id)
    if (period.status === 'CLOSED') throw new Fault('WRONG_STATE', `${month} of ${programme.code} is closed already`)
    const open = await openOfLocked(tx, period.id, context.clock.now())
    const items = hindering(checklistOf(open, { programme: programme.code, month, locked: true }), 'HINDERS_CLOSE')
    if (items.length > 0) {
      throw new Fault(
        'WRONG_STATE',
        `${month} of ${programme.code} is locked, and not closed: ${codesAndCounts(items)}`,
      )
    }
    const [record] = await appendRecords(context, tx, [closingRecord(programme, period)])
    invariant(record, 'a record was appended')
    const closed = await keepClosed(tx, { period: period.id, record })
    invariant(closed, 'a locked period that is held is closed')
    return { ...period, status: 'CLOSED', closedAt: record.at }
  })
}
