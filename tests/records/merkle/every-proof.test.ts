import { expect, test } from 'vitest'
import { consistencyRanges, inclusionRanges, type Range } from '../../../records/merkle/proof-ranges.ts'
import { rootOf } from '../../../records/merkle/tiles.ts'
import { verifyConsistency, verifyInclusion } from '../../../records/merkle/verify-proofs.ts'
import { definedRoot, type GrownTree, grow, leafAt, prove } from './defined-tree.ts'
import { rememberingHashes } from './remembered-hashes.ts'

const MOST = 2000

test('every leaf of every size to 2,000 is proved in it', { timeout: 120_000 }, () => {
  const proved = rememberingHashes(() =>
    growing((size, proofOf) => {
      const root = definedRoot(0, size)
      for (let index = 0; index < size; index++) {
        const proof = proofOf(inclusionRanges(index, size))
        if (!verifyInclusion({ index, size, leaf: leafAt(index), root, proof })) expect.fail(`${index} of ${size}`)
      }
      return size
    }),
  )
  expect(proved).toBe((MOST * (MOST + 1)) / 2)
})

test('every size to 2,000 is proved to be the beginning of every later one', { timeout: 120_000 }, () => {
  const proved = rememberingHashes(() =>
    growing((size, proofOf) => {
      const later = { size, root: definedRoot(0, size) }
      for (let earlier = 0; earlier <= size; earlier++) {
        const proof = proofOf(consistencyRanges(earlier, size))
        const claim = { earlier: { size: earlier, root: definedRoot(0, earlier) }, later, proof }
        if (!verifyConsistency(claim)) expect.fail(`${earlier} to ${size}`)
      }
      return size + 1
    }),
  )
  expect(proved).toBe((MOST * (MOST + 3)) / 2)
})

/**
 * Grows a tree leaf by leaf and proves at each size; returns how many proofs there were. The roots of ranges are computed
 * from the tree as it is when a proof first needs them, and once more when it is full grown: they must stay as they were.
 */
function growing(proveAll: (size: number, proofOf: (ranges: readonly Range[]) => readonly Buffer[]) => number): number {
  const known = new Map<number, { readonly range: Range; readonly root: Buffer }>()
  const rootIn = (grown: GrownTree, range: Range): Buffer => {
    const key = range.from * (MOST + 1) + range.to
    const before = known.get(key)
    if (before) return before.root
    const root = onlyOne(prove([range], grown))
    known.set(key, { range, root })
    return root
  }
  let grown = grow([])
  let proved = 0
  for (let size = 1; size <= MOST; size++) {
    const now = grow([1], grown)
    grown = now
    expect(rootOf(now.tree).equals(definedRoot(0, size))).toBe(true)
    proved += proveAll(size, (ranges) => ranges.map((range) => rootIn(now, range)))
  }
  for (const { range, root } of known.values()) expect(onlyOne(prove([range], grown)).equals(root)).toBe(true)
  return proved
}

function onlyOne([root, ...more]: readonly Buffer[]): Buffer {
  if (!root || more.length > 0) throw new Error('a range has one root')
  return root
}
