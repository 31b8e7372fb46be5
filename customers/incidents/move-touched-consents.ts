import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { type ConsentMove, moveConsents } from '../move-consents.ts'
import { holdCustomers } from '../store/customers.ts'
import { holdFree } from '../store/hold-consents.ts'
import type { Incident } from './incident.ts'
import { selectTouchedConsents } from './store/touched.ts'

const MOST_AT_ONCE = 500

/**
 * Suspends or revokes the next of the consents that an incident touches, each with its record, as compliance does: the
 * customer cannot resume what was suspended. Says how many it moved, and how many it had found: 0 when none is left. One that
 * somebody else holds at the moment is left for the next time. What the customer has suspended stays so, or is revoked.
 */
export async function moveTouchedConsents(
  context: Context,
  {
    incident: { scope, contain },
    to,
    reason,
  }: { readonly incident: Incident; readonly to: 'SUSPENDED' | 'REVOKED'; readonly reason: string },
): Promise<{ readonly moved: number; readonly left: number }> {
  const statuses = to === 'SUSPENDED' ? (['AUTHORISED'] as const) : (['AUTHORISED', 'SUSPENDED'] as const)
  return context.database.transaction(async (tx) => {
    const found = await selectTouchedConsents(tx, scope, { statuses, limit: MOST_AT_ONCE })
    if (found.length === 0) return { moved: 0, left: 0 }
    await holdCustomers(tx, [...new Set(found.map(({ customer }) => customer))].sort())
    const held = await holdFree(
      tx,
      found.map(({ consent }) => consent),
    )
    const moves = held
      .filter(({ status, recorded }) => statuses.some((each) => each === status && each === recorded))
      .map((each): ConsentMove => ({ held: each, status: to, by: 'COMPLIANCE', reason, person: contain?.by }))
    await moveConsents(context, tx, moves, await databaseTime(tx))
    return { moved: moves.length, left: found.length }
  })
}
