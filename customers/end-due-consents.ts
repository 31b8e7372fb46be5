import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { holdsPlace } from './consent-moves.ts'
import { endRequests } from './end-requests.ts'
import { dueMove, moveConsents } from './move-consents.ts'
import { holdCustomers } from './store/customers.ts'
import { markRecorded, selectDue } from './store/due-consents.ts'
import { holdFree } from './store/hold-consents.ts'
import { holdLapsed } from './store/requests.ts'

const MOST_AT_ONCE = 500

/**
 * Records what has become so by itself: consents that were used up or whose time is over, and requests that nobody answered.
 * Readers see it at once, by the clock and by the count; this makes the records, and returns how many. Any process may call
 * it at any time; what another transaction holds is left for the next turn.
 */
export async function endDueConsents(context: Context, limit = MOST_AT_ONCE): Promise<number> {
  const ended = await context.database.transaction((tx) => endConsents(context, tx, limit))
  const lapsed = await context.database.transaction(async (tx) => {
    const requests = await holdLapsed(tx, limit)
    await endRequests(context, tx, requests, { at: await databaseTime(tx) })
    return requests.length
  })
  return ended + lapsed
}

async function endConsents(context: Context, tx: Transaction, limit: number): Promise<number> {
  const due = await selectDue(tx, limit)
  if (due.length === 0) return 0
  await holdCustomers(tx, [...new Set(due.map(({ customer }) => customer))].sort())
  const held = await holdFree(
    tx,
    due.map(({ consent }) => consent),
  )
  const ended = held.filter(({ status, recorded }) => holdsPlace(recorded) && !holdsPlace(status))
  await moveConsents(context, tx, ended.map(dueMove), await databaseTime(tx))
  await markRecorded(
    tx,
    held.flatMap(({ id, status }) => (holdsPlace(status) ? [] : [id])),
  )
  return ended.length
}
