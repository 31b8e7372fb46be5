import type { Context } from '../../database/context.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { moveRound, requireStatus } from './move-round.ts'
import type { Round } from './round.ts'
import { releaseClaims } from './store/claims.ts'
import { holdRound } from './store/rounds.ts'

/**
 * Takes back a round whose funding was never handed out; its statements may be planned again. Throws `NOT_FOUND`,
 * `WRONG_STATE` for any other: a funding that was signed may still reach the contract until the deadline.
 */
export async function cancelRound(context: Context, { round: id, reason }: CancelRoundInput): Promise<Round> {
  requireStaff(context)
  return context.database.transaction(async (tx) => {
    const round = await holdRound(tx, id)
    requireStatus(round, ['PLANNED', 'APPROVED'])
    await releaseClaims(tx, round.id)
    return moveRound(context, tx, { round, to: 'CANCELLED', more: { reason } })
  })
}

export type CancelRoundInput = { readonly round: string; readonly reason: string }
