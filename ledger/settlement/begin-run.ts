import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { addMonths, type Month, monthOf, monthSpan } from '../../kernel/month.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme } from '../agreements/store/agreements.ts'
import type { Period } from './period.ts'
import type { Run } from './period-run.ts'
import { startRun } from './store/period-runs.ts'
import { holdPeriod, selectLastLocked } from './store/periods.ts'

/** Begins a run of the period whose turn it is. Throws `WRONG_STATE` for any other one. */
export async function beginRun(
  context: Context,
  { programme, month, factsCut }: { readonly programme: Programme; readonly month: Month; readonly factsCut: string },
): Promise<{ readonly period: Period; readonly run: Run }> {
  const { from, to } = monthSpan(month, programme.timeZone)
  const cutAt = context.clock.now()
  return context.database.transaction(async (tx) => {
    refuseOutOfOrder(programme, month, await nextMonth(tx, programme))
    const wanted = { id: newId('per'), programme: programme.id, month, startsAt: from, endsAt: to }
    const period = await holdPeriod(tx, wanted)
    const run = await startRun(tx, { period: period.id, factsCut, cutAt, by: context.actor })
    return { period: { ...period, status: 'CALCULATING', cutAt }, run: { period: period.id, run } }
  })
}

/** The month that is to be locked next: after the last locked one, or that of the first agreement. */
export async function nextMonth(sql: Reader, programme: Programme): Promise<Month | undefined> {
  const last = await selectLastLocked(sql, programme.id)
  if (last !== undefined) return addMonths(last, 1)
  const starts = (await agreementsOfProgramme(sql, programme.id)).map(({ startsAt }) => startsAt.getTime())
  return starts.length === 0 ? undefined : monthOf(new Date(Math.min(...starts)), programme.timeZone)
}

function refuseOutOfOrder({ code }: Programme, month: Month, next: Month | undefined): void {
  if (next === month) return
  if (next === undefined) throw new Fault('WRONG_STATE', `nobody has an agreement in ${code} yet`)
  if (month > next) throw new Fault('WRONG_STATE', `${next} of ${code} is to be closed before ${month}`)
  throw new Fault(
    'WRONG_STATE',
    `${month} of ${code} is locked already, or before the first agreement; next is ${next}`,
  )
}
