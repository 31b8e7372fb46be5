import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { findLogKey } from './log-key.ts'
import { formatVerifier } from './notes/signed-note.ts'
import { latestCheckpoint } from './sign-checkpoint.ts'

/**
 * The public key that the latest checkpoint is signed with, as others are given it; `undefined` before the first. It is
 * the key of the name in that checkpoint, so that the two always belong together, also right after the log was renamed.
 */
export async function logVerifier(context: Context): Promise<string | undefined> {
  const checkpoint = await latestCheckpoint(context)
  return checkpoint && verifierOf(context, checkpoint.note)
}

/** The public key of the log that a note of ours names. */
export async function verifierOf(context: Context, note: string): Promise<string> {
  const key = await findLogKey(context, originOf(note))
  invariant(key, 'a checkpoint was signed with a key that is kept')
  return formatVerifier(key)
}

/** The name of the log in a note: its first line. */
export function originOf(note: string): string {
  return note.slice(0, Math.max(0, note.indexOf('\n')))
}
