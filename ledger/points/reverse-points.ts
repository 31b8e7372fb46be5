import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { PointsHistoryMove } from './points-history.ts'
import { selectMoves } from './store/points-history.ts'
import { takeBack } from './take-back.ts'

const reversePointsInput = z.strictObject({
  /** Id of the referral. */
  contribution: z.string().max(60),
  /** Why; who had the points reads it. */
  reason: lineOfText(300),
})

export type ReversePointsInput = z.input<typeof reversePointsInput>

/**
 * Takes back all points that a referral earned, of whomever, but for those that expired: out of their own lot, then of the
 * account's others, the oldest first. What was used already is owed, and the balance is below zero: later points pay it.
 * What was taken back before is left as it is. Gives the moves that it made. Throws `INVALID_INPUT`, and `NOT_FOUND` for a
 * contribution that earned no points. Source: RULES §6, ADR 0019.
 */
export async function reversePoints(
  context: Context,
  input: ReversePointsInput,
): Promise<readonly PointsHistoryMove[]> {
  const { contribution, reason } = parseExactly(reversePointsInput, input, 'reversal')
  if (!isId('ctr', contribution)) throw noPoints()
  const made = await context.database.transaction((tx) => takeBack(context, tx, { contribution, reason }))
  if (made === undefined) throw noPoints()
  return selectMoves(context.database.reads, made)
}

function noPoints(): Fault {
  return new Fault('NOT_FOUND', 'no points were earned by such a contribution', { field: 'contribution' })
}
