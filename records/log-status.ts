import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { rootOf } from './merkle/tiles.ts'
import { latestCheckpoint } from './sign-checkpoint.ts'
import { type OpenWriter, selectOldestWriter, selectUnsealed } from './store/log-status.ts'
import { selectSealHead } from './store/seals.ts'

/** How the log stands at a moment. */
export type LogStatus = {
  /** Records that are sealed, and the root over them. */
  readonly size: number
  readonly root: Buffer
  /** Committed records that have no place yet, and for how long the first of them has been waiting. */
  readonly unsealed: { readonly records: number; readonly seconds: number }
  /** What was signed for last; `undefined` before the first checkpoint. */
  readonly checkpoint: { readonly size: number; readonly at: Date; readonly seconds: number } | undefined
  /** The transaction that has been writing for longest: no record is sealed that was written after it began. */
  readonly writer: OpenWriter | undefined
}

/** Tells how far sealing and signing have come, and what may hold them up. Times are in seconds. */
export async function logStatus(context: Context): Promise<LogStatus> {
  const { reads } = context.database
  const now = context.clock.now().getTime()
  const head = await selectSealHead(reads)
  invariant(head, 'the sealer’s head is there')
  const { records, oldest } = await selectUnsealed(reads)
  const checkpoint = await latestCheckpoint(context)
  const since = (at: Date): number => Math.max(0, (now - at.getTime()) / 1000)
  return {
    size: head.tree.size,
    root: rootOf(head.tree),
    unsealed: { records, seconds: oldest === undefined ? 0 : since(oldest) },
    checkpoint: checkpoint && { size: checkpoint.size, at: checkpoint.at, seconds: since(checkpoint.at) },
    writer: await selectOldestWriter(reads),
  }
}
