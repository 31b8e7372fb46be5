import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { rootOf } from './merkle/tiles.ts'
import { type LogStanding, selectLogStanding } from './store/log-status.ts'

/** How far the log is sealed and signed for, and how far behind that is. */
export type LogStatus = Pick<LogStanding, 'checkpoint' | 'writing'> & {
  readonly sealed: number
  /** Over the sealed records. */
  readonly root: Buffer
  /** Committed records that are not sealed yet; counted up to 100,000. */
  readonly unsealed: number
  /** Age of the first record that is not sealed, by its time and the database's clock; 0 when all are. */
  readonly lagSeconds: number
}

/** What nobody need be told of: the sealer pauses a quarter of a second, and a transaction may take a while. */
export const LONG_LAG_SECONDS = 10
const MOST_COUNTED = 100_000

/** Tells how the log stands. It costs one statement that reads a few rows, however long the log. */
export async function logStatus({ database: { reads } }: Context): Promise<LogStatus> {
  const standing = await selectLogStanding(reads, MOST_COUNTED)
  invariant(standing, 'the sealer’s head is there')
  const { tree, unsealed, oldestSeconds = 0, checkpoint, writing } = standing
  return { sealed: tree.size, root: rootOf(tree), unsealed, lagSeconds: oldestSeconds, checkpoint, writing }
}
