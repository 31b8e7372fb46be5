import { setTimeout as sleep } from 'node:timers/promises'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { tagKeysForWriting } from './hold-tag-keys.ts'
import { countOutdated, holdOutdated, resealTags } from './store/reseal.ts'
import { retireTagKeys } from './store/tag-keys.ts'
import type { SealedValue, TagPlace } from './tag-keys.ts'

export type SealTagsInput = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal
}

export type SealedTags = {
  /** The version under which values are sealed now. */
  readonly version: number
  /** How many were sealed by this run. */
  readonly sealed: number
  /** Values that do not open, since they were changed or moved: they stay as they are, and so does their key. */
  readonly broken: readonly TagPlace[]
  /** The versions whose keys were destroyed, since nothing needs them any more. */
  readonly retired: readonly number[]
}

const BATCH = 500
/** For what was passed over because somebody was writing it. */
const PAUSE_MS = 50

/**
 * Seals all sensitive values that are plain, or sealed under an earlier key, batch by batch while reads and imports go on, and
 * destroys the keys that nothing needs any more. Nothing remembers how far it got but the rows: it may be killed and run
 * again, and run beside itself. Source: ADR 0038.
 */
export async function sealTags(context: Context, { onProgress, signal }: SealTagsInput = {}): Promise<SealedTags> {
  const version = await context.database.transaction(async (tx) => (await tagKeysForWriting(context, tx)).current)
  const { reads } = context.database
  const total = await countOutdated(reads, version)
  let left = total
  let sealed = 0
  let broken: readonly TagPlace[] = []
  while (left > broken.length && signal?.aborted !== true) {
    const pass = await sealOnce(
      context,
      (done) => onProgress?.({ done: Math.min(sealed + done, total), total }),
      signal,
    )
    sealed += pass.sealed
    broken = pass.broken
    left = await countOutdated(reads, version)
    onProgress?.({ done: Math.max(0, total - left), total })
    if (left > broken.length && pass.sealed === 0) await sleep(PAUSE_MS)
  }
  const at = context.clock.now()
  const retired = await context.database.transaction((tx) => retireTagKeys(tx, version, at))
  return { version, sealed, broken, retired }
}

type Pass = { readonly sealed: number; readonly broken: readonly TagPlace[] }

async function sealOnce(context: Context, report: (done: number) => void, signal?: AbortSignal): Promise<Pass> {
  const broken: TagPlace[] = []
  let sealed = 0
  let behind: TagPlace | undefined
  do {
    const batch = await context.database.transaction((tx) => sealSome(context, tx, behind))
    broken.push(...batch.broken)
    sealed += batch.sealed
    behind = batch.last
    report(sealed)
  } while (behind !== undefined && signal?.aborted !== true)
  return { sealed, broken }
}

async function sealSome(
  context: Context,
  tx: Transaction,
  behind: TagPlace | undefined,
): Promise<Pass & { readonly last: TagPlace | undefined }> {
  const keys = await tagKeysForWriting(context, tx)
  const outdated = await holdOutdated(tx, { version: keys.current, behind, limit: BATCH })
  const broken: TagPlace[] = []
  const sealed: (TagPlace & SealedValue)[] = []
  for (const { place, kept } of outdated) {
    const value = typeof kept === 'string' ? kept : keys.open(place, kept)
    if (value === undefined) broken.push(place)
    else sealed.push({ ...place, ...keys.seal(place, value) })
  }
  if (sealed.length > 0) await resealTags(tx, sealed)
  return { sealed: sealed.length, broken, last: outdated.at(-1)?.place }
}
