import type { Context } from '../../database/context.ts'
import { type Finding, findings } from '../verify/findings.ts'
import type { AnchorViews, Publication } from './chain.ts'
import { compareAnchor } from './compare-anchor.ts'

export type VerifyAnchorsOptions = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

const AT_ONCE = 20n

/**
 * Holds the log against every anchor on the chain: the root of its first records, as the stored tree gives it, must be the
 * one that was anchored. With `verifyRecords`, which computes that tree anew, this finds what even the holder of our
 * signing key changed. Throws `CHAIN_UNAVAILABLE` when the chain does not answer: silence proves nothing.
 */
export async function verifyAnchors(
  context: Context,
  chain: AnchorViews,
  { onProgress }: VerifyAnchorsOptions = {},
): Promise<readonly Finding[]> {
  const found = findings()
  const where = `the contract ${chain.contract}`
  const { chainId, present } = await chain.identify()
  if (!present) {
    found.add(where, `it is not on the chain ${chainId}`)
    return found.list()
  }
  const { sequence: last } = await chain.head()
  let previous: Pick<Publication, 'size' | 'root'> = { size: 0n, root: Buffer.alloc(32) }
  for (let from = 1n; from <= last; from += AT_ONCE) {
    const to = from + AT_ONCE - 1n < last ? from + AT_ONCE - 1n : last
    for (const anchor of await chain.anchors({ from, to })) {
      const name = `anchor ${anchor.sequence} of ${anchor.size} records`
      const wrong = await compareAnchor(context, anchor)
      if (wrong !== undefined) found.add(name, wrong)
      if (!anchor.previousRoot.equals(previous.root) || anchor.size <= previous.size) {
        found.add(name, 'it does not follow the anchor before')
      }
      previous = anchor
    }
    onProgress?.({ done: Number(to), total: Number(last) })
  }
  return found.list()
}
