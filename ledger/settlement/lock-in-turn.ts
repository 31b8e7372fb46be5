import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type ChecklistItem, isAcknowledgeable } from './checklist.ts'
import type { AcknowledgeableCode } from './checklist-code.ts'
import { figuresOfPeriod, type PeriodFigures } from './figures-of-period.ts'
import { issuePeriod } from './issue-period.ts'
import type { Place } from './place.ts'
import { selectLastRun } from './store/period-runs.ts'
import { selectFactsCut, selectPeriod } from './store/periods.ts'

/** A month that is locked. */
export type LockedPeriod = PeriodFigures & {
  /** Facts and approved adjustments that came since it was calculated: a later month gives them. */
  readonly factsSince: number
  /** What was open, and acknowledged. */
  readonly acknowledged: readonly AcknowledgeableCode[]
}

/**
 * Locks a calculated month that nothing hinders, while it is this process's turn: `open` is what stood open and was
 * acknowledged. Throws `WRONG_STATE` unless its drafts are complete.
 */
export async function lockInTurn(
  { context, programme, month }: Place,
  {
    open,
    acknowledging,
  }: { readonly open: readonly ChecklistItem[]; readonly acknowledging: readonly AcknowledgeableCode[] },
): Promise<LockedPeriod> {
  const sql = context.database.reads
  const period = await selectPeriod(sql, { programme: programme.id, month })
  const run = period && (await selectLastRun(sql, period.id))
  if (period?.status !== 'REVIEW' || run?.outcome === undefined) {
    throw new Fault(
      'WRONG_STATE',
      `${month} of ${programme.code} is ${period?.status ?? 'OPEN'}: it is calculated first`,
    )
  }
  const factsCut = await selectFactsCut(sql, period.id)
  invariant(factsCut, 'a period in review has read its facts')
  const acknowledged = open.flatMap(({ code, count }) =>
    isAcknowledgeable(code) && acknowledging.includes(code) ? [{ code, count }] : [],
  )
  const factsSince = open.find(({ code }) => code === 'FACTS_SINCE_CALCULATION')?.count ?? 0
  const { outcome } = run
  const issued = await issuePeriod(context, { programme, period, run, outcome, factsCut, acknowledged, factsSince })
  const figures = await figuresOfPeriod(sql, programme, issued.period)
  return { ...figures, points: issued.points, factsSince, acknowledged: acknowledged.map(({ code }) => code) }
}
