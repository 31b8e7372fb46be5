import type { Context } from '../../database/context.ts'
import type { Finding } from '../../records/verify/findings.ts'
import { countSealed, pageSealed } from './store/page-sealed.ts'
import { type TagPlace, tagKeysOf } from './tag-keys.ts'

export type VerifyTagsInput = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

const PAGE = 2000

/** Checks that every sealed value of a tag opens in its place. It may run beside imports and a rotation. Source: ADR 0038. */
export async function verifyTags(context: Context, { onProgress }: VerifyTagsInput = {}): Promise<readonly Finding[]> {
  const { reads } = context.database
  const total = await countSealed(reads)
  const found: Finding[] = []
  let done = 0
  let behind: TagPlace | undefined
  do {
    const { values, wrapped } = await pageSealed(reads, behind, PAGE)
    const keys = tagKeysOf(context.keyring, wrapped)
    for (const one of values) {
      if (keys.open(one, one) !== undefined) continue
      const { customer, key, supplier } = one
      const by = supplier === undefined ? '' : ` by ${supplier}`
      found.push({ where: `tag ${key} of ${customer}${by}`, what: 'its value does not open' })
    }
    done += values.length
    onProgress?.({ done: Math.min(done, total), total })
    behind = values.at(-1)
  } while (behind !== undefined)
  return found
}
