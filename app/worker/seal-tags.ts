import { sealTags } from '../../customers/sealing/seal-tags.ts'
import type { Context } from '../../database/context.ts'

/** Seals sensitive values that are plain or under an earlier key, and says how many do not open. */
export function tagSealing(context: Context, signal: AbortSignal): () => Promise<number> {
  return async () => {
    const { sealed, broken, retired, version } = await sealTags(context, { signal })
    if (broken.length > 0)
      context.log.error({ values: broken.length }, 'sealed values of tags do not open: verify the log')
    if (sealed > 0) context.log.info({ values: sealed, keyVersion: version, retired }, 'values of tags were sealed')
    return 0
  }
}
