import type { Context } from '../../database/context.ts'
import { deleteOldCohorts } from './store/cohorts.ts'

/** How long it is known who was counted, after those who are counted were looked at anew. */
const KEPT_DAYS = 14

/** Forgets who was counted in cohorts that are over; what was asked and answered stays. Returns how many cohorts went. */
export function sweepCohorts({ database }: Context): Promise<number> {
  return database.transaction((tx) => deleteOldCohorts(tx, KEPT_DAYS))
}
