import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_ROOT, leafHash, nodeHash } from '../../../records/merkle/hashes.ts'
import { consistencyRanges, inclusionRanges, subtreesOf } from '../../../records/merkle/proof-ranges.ts'
import {
  appendEntries,
  EMPTY_TREE,
  rootOf,
  rootOfRange,
  type Tile,
  type Tree,
  tilesFor,
} from '../../../records/merkle/tiles.ts'
import { verifyConsistency, verifyInclusion } from '../../../records/merkle/verify-proofs.ts'

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const entry = (index: number) => sha256(Buffer.from(`entry ${index}`))
const entries = (from: number, to: number) =>
  Buffer.concat(Array.from({ length: to - from }, (_, n) => entry(from + n)))

/** The definition itself: RFC 9162 §2.1.1 over entries `[from, to)`. */
const known = new Map<string, Buffer>()
function definedRoot(from: number, to: number): Buffer {
  const key = `${from}-${to}`
  const root = known.get(key) ?? computeRoot(from, to)
  known.set(key, root)
  return root
}
function computeRoot(from: number, to: number): Buffer {
  if (to === from) return sha256()
  if (to - from === 1) return sha256(Buffer.from([0]), entry(from))
  let k = 1
  while (k * 2 < to - from) k *= 2
  return sha256(Buffer.from([1]), definedRoot(from, from + k), definedRoot(from + k, to))
}

/** A tree that grew by steps, with the tiles that became full. */
function grow(steps: readonly number[]): { tree: Tree; tiles: ReadonlyMap<string, Buffer> } {
  const tiles = new Map<string, Buffer>()
  let tree = EMPTY_TREE
  for (const step of steps) {
    const grown = appendEntries(tree, entries(tree.size, tree.size + step))
    for (const { level, index, hashes } of grown.full) tiles.set(keyOf({ level, index }), hashes)
    tree = grown.tree
  }
  return { tree, tiles }
}
const keyOf = ({ level, index }: Pick<Tile, 'level' | 'index'>) => `${level}/${index}`

function prove(
  ranges: ReturnType<typeof inclusionRanges>,
  { tree, tiles }: ReturnType<typeof grow>,
): readonly Buffer[] {
  const allowed = new Set(tilesFor(ranges, tree).map(keyOf))
  return ranges.map((range) =>
    rootOfRange(range, tree, (place) => {
      const tile = tiles.get(keyOf(place))
      if (!tile || !allowed.has(keyOf(place))) throw new Error(`no tile ${keyOf(place)}`)
      return tile
    }),
  )
}

const leafAt = (index: number) => definedRoot(index, index + 1)
const MOST = 2000
const full = grow([MOST])

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

describe('an inclusion proof', () => {
  test('holds for every leaf of every size to 140, out of a tree that has grown further', () => {
    for (let size = 1; size <= 140; size++) {
      const root = definedRoot(0, size)
      for (let index = 0; index < size; index++) {
        const proof = prove(inclusionRanges(index, size), full)
        if (!verifyInclusion({ index, size, leaf: leafAt(index), root, proof })) expect.fail(`${index} of ${size}`)
      }
    }
  })

  test('holds for any leaf of any size to 2,000, and for nothing else', () => {
    const claims = fc.integer({ min: 1, max: MOST }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))
    fc.assert(
      fc.property(claims, fc.nat(), fc.nat(255), ([index, size], place, bit) => {
        const proof = prove(inclusionRanges(index, size), full)
        const claim = { index, size, leaf: leafAt(index), root: definedRoot(0, size), proof }
        expect(verifyInclusion(claim)).toBe(true)
        for (const other of tampered(claim, place, bit)) expect(verifyInclusion(other)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  type Claim = Parameters<typeof verifyInclusion>[0]
  function tampered(claim: Claim, place: number, bit: number): readonly Claim[] {
    const { index, size, leaf, root, proof } = claim
    const at = place % Math.max(1, proof.length)
    const flip = (hash: Buffer | undefined) => flipped(hash ?? Buffer.alloc(32), bit)
    return [
      { ...claim, index: index + 1 },
      { ...claim, index: index - 1 },
      { ...claim, index: size },
      { ...claim, leaf: flip(leaf) },
      { ...claim, root: flip(root) },
      { ...claim, proof: [...proof, flip(root)] },
      { ...claim, proof: [...proof, leaf] },
      ...(proof.length === 0
        ? []
        : [
            { ...claim, proof: proof.slice(1) },
            { ...claim, proof: proof.slice(0, -1) },
          ]),
      ...(proof.length === 0 ? [] : [{ ...claim, proof: proof.with(at, flip(proof[at])) }]),
      ...(proof.length < 2 ? [] : [{ ...claim, proof: proof.toReversed() }]),
      { ...claim, index: Number.NaN },
      { ...claim, index: 0.5 },
      { ...claim, size: -1 },
      { ...claim, size: 2 ** 60 },
    ]
  }
})

describe('a consistency proof', () => {
  test('holds for every pair of sizes to 100, out of a tree that has grown further', () => {
    for (let later = 0; later <= 100; later++) {
      for (let earlier = 0; earlier <= later; earlier++) {
        const proof = prove(consistencyRanges(earlier, later), full)
        if (!verifyConsistency(pair(earlier, later, proof))) expect.fail(`${earlier} to ${later}`)
      }
    }
  })

  test('holds for any pair of sizes to 2,000, and for nothing else', () => {
    const pairs = fc
      .integer({ min: 2, max: MOST })
      .chain((later) => fc.tuple(fc.integer({ min: 1, max: later - 1 }), fc.constant(later)))
    fc.assert(
      fc.property(pairs, fc.nat(), fc.nat(255), ([earlier, later], place, bit) => {
        const proof = prove(consistencyRanges(earlier, later), full)
        const claim = pair(earlier, later, proof)
        expect(verifyConsistency(claim)).toBe(true)
        for (const other of tampered(claim, place, bit)) expect(verifyConsistency(other)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('of one size with itself is empty, and tells two roots apart', () => {
    expect(verifyConsistency(pair(7, 7, []))).toBe(true)
    expect(verifyConsistency(pair(7, 7, [leafAt(0)]))).toBe(false)
    expect(verifyConsistency({ ...pair(7, 7, []), later: { size: 7, root: leafAt(0) } })).toBe(false)
    expect(verifyConsistency({ ...pair(0, 7, []), earlier: { size: 0, root: leafAt(0) } })).toBe(false)
    expect(verifyConsistency(pair(7, 3, []))).toBe(false)
  })

  type Claim = Parameters<typeof verifyConsistency>[0]
  const pair = (earlier: number, later: number, proof: readonly Buffer[]): Claim => ({
    earlier: { size: earlier, root: definedRoot(0, earlier) },
    later: { size: later, root: definedRoot(0, later) },
    proof,
  })

  function tampered(claim: Claim, place: number, bit: number): readonly Claim[] {
    const { earlier, later, proof } = claim
    const at = place % proof.length
    return [
      { ...claim, earlier: { ...earlier, root: flipped(earlier.root, bit) } },
      { ...claim, later: { ...later, root: flipped(later.root, bit) } },
      { ...claim, earlier: later, later: earlier },
      { ...claim, proof: proof.with(at, flipped(proof[at] ?? Buffer.alloc(32), bit)) },
      { ...claim, proof: proof.slice(0, -1) },
      { ...claim, proof: proof.slice(1) },
      { ...claim, proof: [...proof, later.root] },
      { ...claim, proof: [] },
      { ...claim, earlier: { ...earlier, size: earlier.size + 0.5 } },
    ]
  }
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

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
