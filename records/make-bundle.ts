import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { BUNDLE_VERSION, type Bundle } from './bundles/bundle.ts'
import { findRecords } from './find-records.ts'
import { findLogKey } from './log-key.ts'
import { originOf, verifierOf } from './log-verifier.ts'
import { type CheckpointClaim, readCheckpoint } from './notes/checkpoint-text.ts'
import { openNote } from './notes/signed-note.ts'
import { consistencyProof, inclusionPaths } from './prove-records.ts'
import { latestCheckpoint } from './sign-checkpoint.ts'
import type { Checkpoint } from './store/checkpoints.ts'

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
  if (!checkpoint || found.seq === undefined || found.seq > checkpoint.size) {
    throw new Fault('NOT_READY', `no checkpoint covers the record ${record} yet: try again in a second`)
  }
  const { size, note } = checkpoint
  const index = found.seq - 1
  const [path = []] = await inclusionPaths(context, [index], size)
  return {
    format: 'tributary-bundle',
    version: BUNDLE_VERSION,
    record: { body: found.body, salt: found.salt.toString('hex') },
    inclusion: { index, size, proof: path.map(hexOf) },
    checkpoint: note,
    key: await verifierOf(context, note),
    ...(olderCheckpoint === undefined ? {} : { earlier: await earlierOf(context, olderCheckpoint, checkpoint) }),
  }
}

async function earlierOf(context: Context, note: string, latest: Checkpoint): Promise<NonNullable<Bundle['earlier']>> {
  const { size } = await readOurs(context, note)
  if (size > latest.size) {
    throw new Fault(
      'INVALID_INPUT',
      `the older checkpoint is the newer one: the latest covers ${latest.size} records`,
      {
        field: 'olderCheckpoint',
      },
    )
  }
  return { checkpoint: note, proof: (await consistencyProof(context, size, latest.size)).map(hexOf) }
}

/** A name that no log can have is looked up like any other; the database takes no null characters. */
async function readOurs(context: Context, note: string): Promise<CheckpointClaim> {
  const key = note.includes('\u0000') ? undefined : await findLogKey(context, originOf(note))
  const text = key && openNote(note, key)
  const claim = text === undefined ? undefined : readCheckpoint(text)
  if (claim) return claim
  throw new Fault('INVALID_INPUT', 'it is not a checkpoint that this log has signed', { field: 'olderCheckpoint' })
}

function hexOf(hash: Buffer): string {
  return hash.toString('hex')
}
