import { invariant } from '../../kernel/invariant.ts'

/** Leaves `[from, to)` of a tree. */
export type Range = { readonly from: number; readonly to: number }

/** A full subtree: its height, and its place among those of its height. It covers leaves from `index · 2^height`. */
export type Subtree = { readonly height: number; readonly index: number }

/**
 * The ranges whose roots are the inclusion proof of a leaf, from the leaf up.
 * Example: leaf 2 of 5 is proved by the roots of [3,4), [0,2), [4,5).
 * Needs 0 ≤ index < size. Source: RFC 9162 §2.1.3.1.
 */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  invariant(Number.isSafeInteger(size) && Number.isSafeInteger(index), 'a tree is counted in whole numbers')
  invariant(0 <= index && index < size, 'a proof is of a leaf in the tree')
  const ranges: Range[] = []
  for (let { from, to }: Range = { from: 0, to: size }; to - from > 1; ) {
    const middle = from + largestPowerBelow(to - from)
    if (index < middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  return ranges.reverse()
}

/**
 * The ranges whose roots prove that the tree of `earlier` leaves is the beginning of the one of `later` leaves.
 * Example: 3 of 7 is proved by the roots of [2,3), [3,4), [0,2), [4,7).
 * Needs 0 ≤ earlier ≤ later; nothing is to be proved of none, and of all. Source: RFC 9162 §2.1.4.1.
 */
export function consistencyRanges(earlier: number, later: number): readonly Range[] {
  invariant(Number.isSafeInteger(earlier) && Number.isSafeInteger(later), 'a tree is counted in whole numbers')
  invariant(0 <= earlier && earlier <= later, 'a tree grows')
  if (earlier === 0 || earlier === later) return []
  const ranges: Range[] = []
  let { from, to }: Range = { from: 0, to: later }
  while (to > earlier) {
    const middle = from + largestPowerBelow(to - from)
    if (earlier <= middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  // the verifier has the root of the earlier tree itself; it needs the last subtree of it when that is not the whole
  if (from > 0) ranges.push({ from, to })
  return ranges.reverse()
}

/** The full subtrees that a range of a proof is made of, the largest first. */
export function subtreesOf({ from, to }: Range): readonly Subtree[] {
  const subtrees: Subtree[] = []
  for (let at = from; at < to; ) {
    let [height, width] = [0, 1]
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      height += 1
      width *= 2
    }
    subtrees.push({ height, index: at / width })
    at += width
  }
  return subtrees
}

function largestPowerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}
