import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseAcknowledged } from './acknowledged.ts'
import { calculateInTurn } from './calculate-in-turn.ts'
import { type ChecklistItem, hindering } from './checklist.ts'
import type { AcknowledgeableCode } from './checklist-code.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { figuresOfPeriod, type PeriodFigures } from './figures-of-period.ts'
import { finishPeriod } from './finish-period.ts'
import { lockInTurn } from './lock-in-turn.ts'
import type { LockPeriodInput } from './lock-period.ts'
import { lookOver, type PeriodChecklist } from './period-checklist.ts'
import { type Place, requireOver } from './place.ts'
import { type ClosingTurn, withClosingTurn } from './store/closing-turn.ts'

export type ClosePeriodInput = LockPeriodInput & { readonly onProgress?: OnClosingProgress | undefined }

/** How far closing a period came, and what it gave. */
export type ClosedPeriod = PeriodFigures & {
  /** What keeps it from going on; of one that was just locked it is not looked up. */
  readonly open: readonly ChecklistItem[]
  /** Facts and approved adjustments that came since it was calculated: a later month gives them. */
  readonly factsSince: number
}

/**
 * Carries a calendar month of a programme on from wherever it stands, as far as it can. What is not calculated, or not any
 * more by what is known now, is calculated; it is locked when all that hinders that is acknowledged, else it stays in
 * `REVIEW` and `open` says why. A month that is locked is closed for good when nothing of it is left to pay or to dispute.
 * To lock exactly what somebody looked at, use `lockPeriod`.
 *
 * A crash leaves a period where its next closing carries it on or starts over; nothing is doubled. Months are locked in
 * order, from the month of the programme's first agreement on: holdback and balances go from statement to statement. One
 * process at a time closes periods of a programme.
 *
 * Throws `NOT_FOUND` (programme), `INVALID_INPUT` (month, acknowledged), `PERIOD_NOT_OVER`, and `WRONG_STATE` when the month
 * is closed, or locked and something of it is left, an earlier one is to be locked first, or another process is closing.
 * Source: RULES §6, ADR 0020.
 */
export async function closePeriod(context: Context, input: ClosePeriodInput): Promise<ClosedPeriod> {
  const acknowledging = parseAcknowledged(input.acknowledged)
  const place = await requireOver(context, input)
  const onProgress = input.onProgress ?? (() => {})
  return withClosingTurn(context.database, place.programme, (turn) =>
    closeInTurn(place, { turn, acknowledging, onProgress }),
  )
}

type Closing = {
  readonly turn: ClosingTurn
  readonly acknowledging: readonly AcknowledgeableCode[]
  readonly onProgress: OnClosingProgress
}

async function closeInTurn(place: Place, { turn, acknowledging, onProgress }: Closing): Promise<ClosedPeriod> {
  const { context, programme } = place
  const sql = context.database.reads
  const standing = await lookOver(place)
  if (standing.period?.lockedAt !== undefined) {
    const period = await finishPeriod(place, standing.period)
    return { ...(await figuresOfPeriod(sql, programme, period)), open: [], factsSince: 0 }
  }
  const again = isOutdated(standing, acknowledging)
  if (again) await calculateInTurn(place, turn, onProgress)
  const { period, items } = again ? await lookOver(place) : standing
  invariant(period, 'a month that was calculated has a period')
  // what came while it was being calculated came late, as it does after any calculation
  const passing: readonly AcknowledgeableCode[] = again ? [...acknowledging, 'FACTS_SINCE_CALCULATION'] : acknowledging
  const open = hindering(items, 'HINDERS_LOCK', passing)
  const figures = await figuresOfPeriod(sql, programme, period)
  if (open.length > 0) return { ...figures, open, factsSince: 0 }
  onProgress({ step: 'LOCKING', facts: figures.facts, of: figures.facts })
  const locked = await lockInTurn(place, { open: hindering(items, 'HINDERS_LOCK'), acknowledging })
  return { ...locked, open: [] }
}

/** Whether a month is to be calculated before it can be locked. */
function isOutdated({ items }: PeriodChecklist, acknowledging: readonly AcknowledgeableCode[]): boolean {
  const open = hindering(items, 'HINDERS_LOCK', acknowledging).map(({ code }) => code)
  return open.some((code) => OUTDATED.has(code))
}

const OUTDATED: ReadonlySet<string> = new Set(['NOT_CALCULATED', 'CALCULATION_OUTDATED', 'FACTS_SINCE_CALCULATION'])
