import type { Context } from '../../database/context.ts'
import type { Month } from '../../kernel/month.ts'
import type { ClosingProgress } from './closing-progress.ts'
import type { Period, PeriodStatus } from './period.ts'
import type { PeriodRun } from './period-run.ts'
import { type PlaceInput, placeOf } from './place.ts'
import { isTurnTaken } from './store/closing-turn.ts'
import { selectLastRun } from './store/period-runs.ts'
import { selectPeriod } from './store/periods.ts'

/** How far the last calculation of a month is, or was when it ended. It is told every few seconds. */
export type PeriodProgress = ClosingProgress & Pick<PeriodRun, 'startedBy' | 'startedAt' | 'toldAt'>

/** Where a month stands. */
export type PeriodStanding = {
  readonly month: Month
  readonly status: PeriodStatus
  readonly period: Period | undefined
  /** Whether a process calculates, locks or closes a month of the programme right now. `CALCULATING` without one was cut off. */
  readonly going: boolean
  readonly progress: PeriodProgress | undefined
}

/** Where a month stands, `OPEN` while nobody tried to close it. Throws `NOT_FOUND` (programme) and `INVALID_INPUT` (month). */
export async function periodStatus(context: Context, input: PlaceInput): Promise<PeriodStanding> {
  const { programme, month } = await placeOf(context, input)
  const sql = context.database.reads
  const period = await selectPeriod(sql, { programme: programme.id, month })
  const going = await isTurnTaken(sql, programme.id)
  const progress = period && (await periodProgress(context, period))
  return { month, status: period?.status ?? 'OPEN', period, going, progress }
}

/** How far the last calculation of a period is. */
export async function periodProgress(
  { database: { reads } }: Context,
  { id }: Period,
): Promise<PeriodProgress | undefined> {
  const run = await selectLastRun(reads, id)
  if (run === undefined) return undefined
  const { startedBy, startedAt, toldAt, progress } = run
  return { ...progress, startedBy, startedAt, toldAt }
}
