import type { Context } from '../../database/context.ts'
import { requireSecondPerson } from '../second-person.ts'
import { moveRound, requireStatus } from './move-round.ts'
import { refuseHindered } from './refuse-hindered.ts'
import type { Round } from './round.ts'
import { holdRound } from './store/rounds.ts'

/**
 * Approves a round, so that it may be funded. Throws `NOT_FOUND`, `WRONG_STATE` unless it is planned and everything in it
 * may still be given out, `FORBIDDEN` for the person who planned it.
 */
export async function approveRound(context: Context, id: string): Promise<Round> {
  return context.database.transaction(async (tx) => {
    const round = await holdRound(tx, id)
    requireSecondPerson(context, round.plannedBy)
    requireStatus(round, ['PLANNED'])
    await refuseHindered(context, tx, round)
    return moveRound(context, tx, { round, to: 'APPROVED', change: { approvedBy: context.actor } })
  })
}
