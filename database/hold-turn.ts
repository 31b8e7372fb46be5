import { Fault } from '../kernel/fault.ts'
import { type DatabaseAddress, openPool } from './client.ts'

/** One server on one data folder: the advisory lock of the embedded database's only server. */
const SERVER_LOCK = 7_215_002

/**
 * Holds the turn of the one server on this embedded data until it is let go or the process dies.
 * Throws `DATABASE_IN_USE` when another server has it. Servers on `DATABASE_URL` may be many and need no turn.
 */
export async function holdTurn(owner: DatabaseAddress, dataDir: string): Promise<() => Promise<void>> {
  // the lock lives as long as its connection, which must not be closed for idleness
  const pool = openPool(owner, 'tributary:turn', 1, { idleSeconds: 0 })
  const [taken] = await pool<{ mine: boolean }[]>`select pg_try_advisory_lock(${SERVER_LOCK}) as mine`
  if (taken?.mine === true) return () => pool.end({ timeout: 5 })
  await pool.end()
  throw new Fault(
    'DATABASE_IN_USE',
    `another Tributary server is running on ${dataDir}: stop it, or set TRIBUTARY_DATA_DIR`,
  )
}
