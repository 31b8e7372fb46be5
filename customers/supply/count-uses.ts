import type { Context } from '../../database/context.ts'
import { foldUses, markReported, selectDueDays } from './store/tag-uses.ts'
import type { DayOfUses, ReportUses } from './use-ports.ts'

/** A day has some dozens of rows; what is left waits for the next run. */
const MOST_AT_ONCE = 5000

/**
 * Counts how often other partners read what was supplied, for days (UTC) that are over, and has each day, tag and supplier
 * become a contribution. Whenever it is broken off, the next run goes on. Returns how many were reported. Source: ADR 0038.
 */
export async function countUses(context: Context, report: ReportUses): Promise<number> {
  await context.database.transaction((tx) => foldUses(tx))
  const due = await selectDueDays(context.database.reads, MOST_AT_ONCE)
  let reported = 0
  for (const [supplier, days] of Map.groupBy(due, (one: DayOfUses) => one.supplier)) {
    const taken = await report(supplier, days)
    await context.database.transaction((tx) => markReported(tx, taken, context.clock.now()))
    reported += taken.length
  }
  return reported
}
