import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { calculateInTurn } from './calculate-in-turn.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { figuresOfPeriod, type PeriodFigures } from './figures-of-period.ts'
import { type PlaceInput, requireOver } from './place.ts'
import { withClosingTurn } from './store/closing-turn.ts'
import { selectPeriod } from './store/periods.ts'

export type CalculatePeriodInput = PlaceInput & { readonly onProgress?: OnClosingProgress | undefined }

/**
 * Calculates a month: what each agreement earned, as drafts of its statements with their lines. As often as wanted before
 * the lock; drafts of an earlier calculation are superseded. It ends in `REVIEW`, and counts for nothing until it is locked,
 * by whatever process on whatever day.
 *
 * The facts that count are those committed when this begins. A crash leaves the period `CALCULATING`: calculating it again
 * starts over, and nothing is doubled. One process at a time calculates, locks or closes periods of a programme.
 *
 * Throws `NOT_FOUND` (programme), `INVALID_INPUT` (month), `PERIOD_NOT_OVER`, and `WRONG_STATE` when the month is locked, an
 * earlier one is to be locked first, or another process is at it. Source: RULES §6, ADR 0020.
 */
export async function calculatePeriod(context: Context, input: CalculatePeriodInput): Promise<PeriodFigures> {
  const place = await requireOver(context, input)
  const { programme, month } = place
  await withClosingTurn(context.database, programme, (turn) =>
    calculateInTurn(place, turn, input.onProgress ?? (() => {})),
  )
  const period = await selectPeriod(context.database.reads, { programme: programme.id, month })
  invariant(period, 'a month that was calculated has a period')
  return figuresOfPeriod(context.database.reads, programme, period)
}
