import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { hexOfAll } from './bundles/assemble-bundle.ts'
import type { Bundle } from './bundles/bundle.ts'
import { findLogKey } from './log-key.ts'
import { originOf } from './log-verifier.ts'
import { type CheckpointClaim, readCheckpoint } from './notes/checkpoint-text.ts'
import { openNote } from './notes/signed-note.ts'
import { consistencyProof } from './prove-records.ts'

/**
 * Proves that the log has only grown since a checkpoint that somebody has kept, up to a size that was signed. Throws
 * `INVALID_INPUT` for a note that is not a checkpoint of this log, or a larger one.
 */
export async function proveGrowth(
  context: Context,
  { olderCheckpoint, size }: { readonly olderCheckpoint: string; readonly size: number },
): Promise<NonNullable<Bundle['earlier']>> {
  const earlier = await readOurs(context, olderCheckpoint)
  if (earlier.size > size) throw refused(`the older checkpoint is the newer one: the latest covers ${size} records`)
  const proof = await consistencyProof(context, earlier.size, size)
  return { checkpoint: olderCheckpoint, proof: hexOfAll(proof) }
}

/** The database takes no null characters, and a checkpoint has none. */
async function readOurs(context: Context, note: string): Promise<CheckpointClaim> {
  const key = note.includes('\u0000') ? undefined : await findLogKey(context, originOf(note))
  const text = key && openNote(note, key)
  const claim = text === undefined ? undefined : readCheckpoint(text)
  if (claim) return claim
  throw refused('it is not a checkpoint that this log has signed')
}

function refused(sentence: string): Fault {
  return new Fault('INVALID_INPUT', sentence, { field: 'olderCheckpoint' })
}
