import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { beginTagKey, tagKeysForWriting } from './hold-tag-keys.ts'
import { type SealedTags, type SealTagsInput, sealTags } from './seal-tags.ts'
import { holdTagKeys, seizeTagKeys } from './store/tag-keys.ts'

export type RotatedTagKeys = SealedTags & {
  /** Whether it carried on what had begun before. */
  readonly resumed: boolean
}

/**
 * Begins a new key for the values of sensitive tags, under the cipher of the settings, seals all of them under it, and destroys
 * the keys before it. Reads and imports go on meanwhile. Where a rotation was broken off, or is under way, that one is
 * finished and none begun. What does not open is told in `broken`, and keeps its key. Throws `FORBIDDEN` unless a member of
 * the staff acts. Source: ADR 0038.
 */
export async function rotateTagKeys(context: Context, input: SealTagsInput = {}): Promise<RotatedTagKeys> {
  requireStaff(context)
  const resumed = await context.database.transaction((tx) => begin(context, tx))
  return { ...(await sealTags(context, input)), resumed }
}

async function begin(context: Context, tx: Transaction): Promise<boolean> {
  await seizeTagKeys(tx)
  const { length: kept } = await holdTagKeys(tx)
  if (kept > 1) return true
  const { current } = await tagKeysForWriting(context, tx)
  if (kept === 1) await beginTagKey(context, tx, current + 1)
  return false
}
