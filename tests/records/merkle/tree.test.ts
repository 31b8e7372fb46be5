import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_ROOT, leafHash, nodeHash } from '../../../records/merkle/hashes.ts'
import { consistencyRanges, inclusionRanges, subtreesOf } from '../../../records/merkle/proof-ranges.ts'
import { appendEntries, EMPTY_TREE, rootOf, tilesFor } from '../../../records/merkle/tiles.ts'
import { verifyInclusion } from '../../../records/merkle/verify-proofs.ts'
import { definedRoot, entry, grow, leafAt, prove } from './defined-tree.ts'

describe('a tree', () => {
  test('has the roots of RFC 9162 at every size, whatever the steps it grew in', () => {
    let tree = EMPTY_TREE
    expect(rootOf(tree)).toEqual(definedRoot(0, 0))
    for (let size = 1; size <= 600; size++) {
      tree = appendEntries(tree, entry(size - 1)).tree
      expect(rootOf(tree)).toEqual(definedRoot(0, size))
    }
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 6 }), (steps) => {
        const grown = grow(steps)
        expect(rootOf(grown.tree)).toEqual(definedRoot(0, grown.tree.size))
        expect(grown.tiles.size).toBe(Math.floor(grown.tree.size / 256))
      }),
      { numRuns: 30 },
    )
  })

  test('has the root that RFC 6962’s reference trees have', () => {
    // the first leaves of the test vectors of certificate-transparency
    const vectors: readonly [readonly string[], string][] = [
      [[], 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      [[''], '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
      [['', '00'], 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    ]
    for (const [leaves, root] of vectors) {
      const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')))
      const [left, right] = hashes
      expect((left && right ? nodeHash(left, right) : (left ?? EMPTY_ROOT)).toString('hex')).toBe(root)
    }
  })

  test('of 70,000 leaves has tiles of two levels, and proofs from few of them', () => {
    const tall = grow([69_999, 1])
    expect(rootOf(tall.tree)).toEqual(definedRoot(0, 70_000))
    expect([...tall.tiles.keys()].filter((key) => key.startsWith('1/'))).toHaveLength(1)
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      const ranges = inclusionRanges(index, 70_000)
      expect(tilesFor(ranges, tall.tree).length).toBeLessThan(5)
      const root = definedRoot(0, 70_000)
      expect(verifyInclusion({ index, size: 70_000, leaf: leafAt(index), root, proof: prove(ranges, tall) })).toBe(true)
    }
  })
})

test('of a million leaves and more, a proof reads fewer than 20 tiles', () => {
  const size = fc.integer({ min: 1_000_000, max: 2 ** 31 + 5 })
  fc.assert(
    fc.property(size, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (now, share) => {
      const tree = { size: now, edge: [] }
      const then = 1 + Math.floor(share * now)
      const index = Math.floor(share * then)
      expect(tilesFor(inclusionRanges(index, then), tree).length).toBeLessThan(15)
      expect(tilesFor(consistencyRanges(then, now), tree).length).toBeLessThan(15)
    }),
  )
})

test('a range is cut into full subtrees, the largest first', () => {
  expect(subtreesOf({ from: 0, to: 7 })).toEqual([
    { height: 2, index: 0 },
    { height: 1, index: 2 },
    { height: 0, index: 6 },
  ])
  expect(subtreesOf({ from: 512, to: 768 })).toEqual([{ height: 8, index: 2 }])
  expect(subtreesOf({ from: 2 ** 40, to: 2 ** 40 + 1 })).toEqual([{ height: 0, index: 2 ** 40 }])
})
