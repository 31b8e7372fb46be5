import type { Context } from '../../database/context.ts'
import { deleteOldCohorts } from './store/cohorts.ts'

/** For how many days new numbers are compared with those of a cohort after it is over. */
export const COHORT_KEPT_DAYS = 56

/** Forgets who was counted in cohorts that are over; what was asked and answered stays. Returns how many cohorts went. */
export function sweepCohorts({ database }: Context): Promise<number> {
  return database.transaction((tx) => deleteOldCohorts(tx, COHORT_KEPT_DAYS))
}
