import type { Context } from '../../database/context.ts'
import { logStatus } from '../../records/log-status.ts'

/** A lag that nobody should have to look for. */
const MOST_SECONDS = 10

/** Says in the program's log that sealing lags, by how much, and which transaction it may be waiting for. */
export async function warnOfLag(context: Context): Promise<void> {
  const { unsealed, writer } = await logStatus(context)
  if (unsealed.seconds > MOST_SECONDS) context.log.warn({ unsealed, writer }, 'sealing lags behind')
}
