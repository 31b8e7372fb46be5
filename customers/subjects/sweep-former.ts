import type { Context } from '../../database/context.ts'
import { deleteOverlapped } from './store/rotations.ts'

const BATCH_ROWS = 5000

/** Forgets former names that are understood no more. Returns how many went. */
export async function sweepFormer({ database }: Context): Promise<number> {
  let swept = 0
  for (;;) {
    const count = await database.transaction((tx) => deleteOverlapped(tx, BATCH_ROWS))
    swept += count
    if (count < BATCH_ROWS) return swept
  }
}
