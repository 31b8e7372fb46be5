import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import type { Id } from '../../kernel/ids.ts'
import { holdsPlace } from '../consent-moves.ts'
import { type ConsentMove, dueMove, moveConsents } from '../move-consents.ts'
import { holdCustomers } from '../store/customers.ts'
import { holdFree } from '../store/hold-consents.ts'
import { selectStandingTo, takeExitTurn } from './store/exits.ts'

/** Consents that one transaction ends. */
const MOST_AT_ONCE = 500

/** The partner that leaves, and why, for us alone. */
export type EndConsentsToInput = { readonly partner: Id<'ptr'>; readonly reason: string }

/**
 * Ends the next of the consents to a partner that leaves, each with its record; its customer finds it on the own pages, and
 * the broker's systems by `listExitNotices`. Says how many it ended, and how many it had found: 0 when none is left. One that somebody else holds at the moment is left for the next time.
 */
export async function endConsentsTo(
  context: Context,
  { partner, reason }: EndConsentsToInput,
): Promise<{ readonly ended: number; readonly found: number }> {
  return context.database.transaction(async (tx) => {
    await takeExitTurn(tx)
    const found = await selectStandingTo(tx, partner, MOST_AT_ONCE)
    if (found.length === 0) return { ended: 0, found: 0 }
    await holdCustomers(tx, [...new Set(found.map(({ customer }) => customer))].sort())
    const held = await holdFree(
      tx,
      found.map(({ consent }) => consent),
    )
    const moves = held
      .filter(({ recorded }) => holdsPlace(recorded))
      .map(
        (each): ConsentMove =>
          holdsPlace(each.status) ? { held: each, status: 'REVOKED', by: 'PARTNER_EXIT', reason } : dueMove(each),
      )
    await moveConsents(context, tx, moves, await databaseTime(tx))
    return { ended: moves.length, found: found.length }
  })
}
