import type { Context } from '../database/context.ts'
import { deleteExpired } from './store/sweep.ts'

const BATCH_ROWS = 5000

/**
 * Removes what the edge needs to remember no more: expired state of the authorization server, proofs that are too old to be
 * used again, and quotas that are whole again. Short transactions, so that the sealer is not held back. Returns how many rows went.
 */
export async function sweepGateway(context: Context): Promise<number> {
  let swept = 0
  for (;;) {
    const count = await context.database.transaction((tx) => deleteExpired(tx, BATCH_ROWS))
    swept += count
    if (count < BATCH_ROWS) return swept
  }
}
