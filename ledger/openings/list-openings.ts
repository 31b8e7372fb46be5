import type { Context } from '../../database/context.ts'
import type { Opening } from './opening.ts'
import { selectOpenings } from './store/openings.ts'

const MOST = 100

/** Opening balances with their lines, the last proposed first, up to a hundred files. */
export async function listOpenings({ database }: Context): Promise<readonly Opening[]> {
  return selectOpenings(database.reads, { limit: MOST })
}
