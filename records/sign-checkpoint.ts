import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { logKey } from './log-key.ts'
import { rootOf } from './merkle/tiles.ts'
import { verifyConsistency } from './merkle/verify-proofs.ts'
import { writeCheckpoint } from './notes/checkpoint-text.ts'
import { signNote } from './notes/signed-note.ts'
import { consistencyProof } from './prove-records.ts'
import { type Checkpoint, insertCheckpoint, selectLatestCheckpoint } from './store/checkpoints.ts'
import { selectTree } from './store/seals.ts'

/**
 * Signs how many records are sealed and the root over them, under the log's name; the latest checkpoint when nothing was
 * sealed since. Never two roots for one size, and never a log that does not begin with the one signed last: when that is
 * so, the log was tampered with, and nothing is signed. Source: C2SP tlog-checkpoint.md.
 */
export async function signCheckpoint(context: Context, { origin }: { readonly origin: string }): Promise<Checkpoint> {
  const key = await logKey(context, origin)
  const latest = await latestCheckpoint(context)
  const tree = await selectTree(context.database.reads)
  const claim = { size: tree.size, root: rootOf(tree) }
  if (latest) await refuseOtherHistory(context, latest, claim)
  if (latest?.size === claim.size) return latest
  const note = signNote(writeCheckpoint({ origin, ...claim }), key, key.privateKey)
  const checkpoint: Checkpoint = { ...claim, note, at: context.clock.now() }
  const added = await context.database.transaction((tx) => insertCheckpoint(tx, checkpoint))
  // another process signed this size, or signed on from it, at the same moment
  return added ? checkpoint : signCheckpoint(context, { origin })
}

/** The signed head of the largest tree; `undefined` before the first. */
export async function latestCheckpoint(context: Context): Promise<Checkpoint | undefined> {
  return selectLatestCheckpoint(context.database.reads)
}

type Claim = { readonly size: number; readonly root: Buffer }

async function refuseOtherHistory(context: Context, earlier: Claim, later: Claim): Promise<void> {
  invariant(earlier.size <= later.size, `the log has ${later.size} sealed records, but ${earlier.size} were signed for`)
  const proof = await consistencyProof(context, earlier.size, later.size)
  invariant(
    verifyConsistency({ earlier, later, proof }),
    `the log of ${later.size} records does not begin with the ${earlier.size} that were signed for`,
  )
}
