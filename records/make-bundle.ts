import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { assembleBundle } from './bundles/assemble-bundle.ts'
import type { Bundle } from './bundles/bundle.ts'
import { findRecords } from './find-records.ts'
import { verifierOf } from './log-verifier.ts'
import { proveGrowth } from './prove-growth.ts'
import { inclusionPaths } from './prove-records.ts'
import { latestCheckpoint } from './sign-checkpoint.ts'

export type BundleInput = {
  readonly record: Id<'rec'>
  /** Only if this partner may have the record. */
  readonly partner?: Id<'ptr'> | undefined
  /** A checkpoint of this log that the reader has kept. */
  readonly olderCheckpoint?: string | undefined
}

/**
 * The document by which anybody can check a record without us, against the latest checkpoint and, if one is given, an
 * older one. Throws `NOT_FOUND` for a record that is not there or not theirs, `NOT_READY` when no checkpoint covers it
 * yet, and `INVALID_INPUT` for a note that is not a checkpoint of this log, or newer than the latest.
 */
export async function makeBundle(context: Context, { record, partner, olderCheckpoint }: BundleInput): Promise<Bundle> {
  const [found] = await findRecords(context, { ids: [record], partner })
  if (!found) throw new Fault('NOT_FOUND', `there is no record ${record}`)
  const checkpoint = await latestCheckpoint(context)
  const { body, salt, seq } = found
  if (!checkpoint || seq === undefined || seq > checkpoint.size) {
    throw new Fault('NOT_READY', `no checkpoint covers the record ${record} yet: try again in a second`)
  }
  const { size, note } = checkpoint
  const [path = []] = await inclusionPaths(context, [seq - 1], size)
  const key = await verifierOf(context, note)
  const earlier = olderCheckpoint === undefined ? undefined : await proveGrowth(context, { olderCheckpoint, size })
  return assembleBundle({ record: { body, salt, seq }, path, checkpoint, key, earlier })
}
