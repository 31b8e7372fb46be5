import type { Context } from '../../database/context.ts'
import { deleteOldDeliveries } from './store/deliveries.ts'

/** How long a message that was taken, or given up, is kept: as long as it may be sent again. */
export const DELIVERY_DAYS = 90
const BATCH_ROWS = 5000

/** Removes messages that are over for so long. Returns how many went. */
export async function sweepDeliveries({ database }: Context): Promise<number> {
  let swept = 0
  for (;;) {
    const count = await database.transaction((tx) => deleteOldDeliveries(tx, DELIVERY_DAYS, BATCH_ROWS))
    swept += count
    if (count < BATCH_ROWS) return swept
  }
}
