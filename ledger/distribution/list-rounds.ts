import type { Context } from '../../database/context.ts'
import type { Round } from './round.ts'
import { selectRounds } from './store/rounds.ts'

/** The last hundred rounds, the newest first. */
export async function listRounds(context: Context): Promise<readonly Round[]> {
  return selectRounds(context.database.reads)
}
