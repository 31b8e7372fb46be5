import { EMPTY_ROOT, nodeHash } from './hashes.ts'

/**
 * Whether a leaf stands at this index of the tree with this size and root. `leaf` is the leaf's hash.
 * Trusts nothing: any size, index and proof may be given. Source: RFC 9162 §2.1.3.2.
 */
export function verifyInclusion(claim: {
  readonly index: number
  readonly size: number
  readonly leaf: Buffer
  readonly root: Buffer
  readonly proof: readonly Buffer[]
}): boolean {
  const { index, size, leaf, root, proof } = claim
  if (!areCounts(index, size) || index >= size) return false
  let place = { at: index, end: size - 1 }
  let hash = leaf
  for (const sibling of proof) {
    if (place.end === 0) return false
    if (isOdd(place.at) || place.at === place.end) {
      hash = nodeHash(sibling, hash)
      place = climbToRightChild(place)
    } else {
      hash = nodeHash(hash, sibling)
    }
    place = parentOf(place)
  }
  return place.end === 0 && hash.equals(root)
}

/**
 * Whether the tree with the earlier size and root is the beginning of the one with the later size and root.
 * Trusts nothing: any sizes, roots and proof may be given. Source: RFC 9162 §2.1.4.2.
 */
export function verifyConsistency(claim: {
  readonly earlier: { readonly size: number; readonly root: Buffer }
  readonly later: { readonly size: number; readonly root: Buffer }
  readonly proof: readonly Buffer[]
}): boolean {
  const { earlier, later, proof } = claim
  if (!areCounts(earlier.size, later.size) || earlier.size > later.size) return false
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root)
  if (earlier.size === 0) return proof.length === 0 && earlier.root.equals(EMPTY_ROOT)
  const roots = climbBoth(earlier, later.size, proof)
  if (!roots) return false
  return roots.earlier.equals(earlier.root) && roots.later.equals(later.root)
}

type Place = { readonly at: number; readonly end: number }

/** The two roots that a proof leads to, `undefined` when it does not have the right length. */
function climbBoth(
  earlier: { readonly size: number; readonly root: Buffer },
  laterSize: number,
  proof: readonly Buffer[],
): { readonly earlier: Buffer; readonly later: Buffer } | undefined {
  const [first, ...rest] = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof
  if (!first) return undefined
  let place: Place = { at: earlier.size - 1, end: laterSize - 1 }
  while (isOdd(place.at)) place = parentOf(place)
  let roots = { earlier: first, later: first }
  for (const sibling of rest) {
    if (place.end === 0) return undefined
    if (isOdd(place.at) || place.at === place.end) {
      roots = { earlier: nodeHash(sibling, roots.earlier), later: nodeHash(sibling, roots.later) }
      place = climbToRightChild(place)
    } else {
      roots = { ...roots, later: nodeHash(roots.later, sibling) }
    }
    place = parentOf(place)
  }
  return place.end === 0 ? roots : undefined
}

/** Passes over the levels at which the last node has no sibling. */
function climbToRightChild(place: Place): Place {
  let next = place
  while (!isOdd(next.at) && next.at !== 0) next = parentOf(next)
  return next
}

/** Not by shifting: a tree may have more than 2^31 leaves. */
function parentOf({ at, end }: Place): Place {
  return { at: Math.floor(at / 2), end: Math.floor(end / 2) }
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.round(Math.log2(value)) === value
}

function areCounts(...values: readonly number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0)
}
