import type { Context } from '../../database/context.ts'
import { countOutdated } from './store/reseal.ts'
import { selectTagKeyStates, type TagKeyState } from './store/tag-keys.ts'

export type TagKeyStatus = {
  readonly keys: readonly TagKeyState[]
  /** Values that are to be sealed under the current key: plain ones, and those under an earlier key. */
  readonly waiting: number
}

/** The keys that seal values of tags, what is sealed under each, and what waits to be. */
export async function tagKeyStatus(context: Context): Promise<TagKeyStatus> {
  const { reads } = context.database
  const keys = await selectTagKeyStates(reads)
  return { keys, waiting: await countOutdated(reads, keys.at(-1)?.version ?? 1) }
}
