import { invariant } from '../kernel/invariant.ts'
import type { Reader } from './client.ts'

/** The database's time now, in whole milliseconds, as records have it. */
export async function databaseTime(sql: Reader): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  invariant(row, 'the database has a time')
  return row.now
}
