import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consistencyRanges, inclusionRanges } from '../../../records/merkle/proof-ranges.ts'
import { verifyConsistency, verifyInclusion } from '../../../records/merkle/verify-proofs.ts'
import { definedRoot, grow, leafAt, prove } from './defined-tree.ts'

type Inclusion = Parameters<typeof verifyInclusion>[0]
type Consistency = Parameters<typeof verifyConsistency>[0]
type Proof = Inclusion['proof']

const SMALL = 64
const MOST = 2000
const full = grow([MOST])
const sized = (size: number) => ({ size, root: definedRoot(0, size) })
const upTo = (most: number) => Array.from({ length: most + 1 }, (_, n) => n)

const inclusionOf = (index: number, size: number): Inclusion => ({
  index,
  leaf: leafAt(index),
  ...sized(size),
  proof: prove(inclusionRanges(index, size), full),
})
const consistencyOf = (earlier: number, later: number): Consistency => ({
  earlier: sized(earlier),
  later: sized(later),
  proof: prove(consistencyRanges(earlier, later), full),
})

describe('a tampered inclusion proof is refused', () => {
  test('for every leaf of every size to 64', { timeout: 120_000 }, () => {
    for (let size = 1; size <= SMALL; size++) {
      for (let index = 0; index < size; index++) {
        expectOnlyInclusion(inclusionOf(index, size), { numbers: upTo(SMALL + 1), bit: (size * 67 + index) % 256 })
      }
    }
  })

  test('for any leaf of any size to 2,000', { timeout: 120_000 }, () => {
    const leaves = fc.integer({ min: 1, max: MOST }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))
    const numbers = fc.array(fc.nat(MOST), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(leaves, numbers, fc.nat(255), ([index, size], some, bit) => {
        const near = [index - 1, index + 1, size - 1, size + 1].filter((n) => n >= 0 && n <= MOST)
        expectOnlyInclusion(inclusionOf(index, size), { numbers: [...some, ...near], bit })
      }),
      { numRuns: 200 },
    )
  })
})

describe('a tampered consistency proof is refused', () => {
  test('for every pair of sizes to 64', { timeout: 120_000 }, () => {
    for (let later = 2; later <= SMALL; later++) {
      for (let earlier = 1; earlier < later; earlier++) {
        const tampering = { numbers: upTo(SMALL + 1), bit: (later * 67 + earlier) % 256 }
        expectOnlyConsistency(consistencyOf(earlier, later), tampering)
      }
    }
  })

  test('for any pair of sizes to 2,000', { timeout: 120_000 }, () => {
    const pairs = fc
      .integer({ min: 2, max: MOST })
      .chain((later) => fc.tuple(fc.integer({ min: 1, max: later - 1 }), fc.constant(later)))
    const numbers = fc.array(fc.nat(MOST), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(pairs, numbers, fc.nat(255), ([earlier, later], some, bit) => {
        const near = [earlier - 1, earlier + 1, later - 1, later + 1].filter((n) => n >= 0 && n <= MOST)
        expectOnlyConsistency(consistencyOf(earlier, later), { numbers: [...some, ...near], bit })
      }),
      { numRuns: 200 },
    )
  })
})

test('one size with itself needs no proof, and tells two roots apart; nothing is the beginning of all', () => {
  expect(verifyConsistency(consistencyOf(7, 7))).toBe(true)
  expect(verifyConsistency({ ...consistencyOf(7, 7), proof: [leafAt(0)] })).toBe(false)
  expect(verifyConsistency({ ...consistencyOf(7, 7), later: { size: 7, root: leafAt(0) } })).toBe(false)
  expect(verifyConsistency(consistencyOf(0, 7))).toBe(true)
  expect(verifyConsistency({ ...consistencyOf(0, 7), earlier: { size: 0, root: leafAt(0) } })).toBe(false)
  expect(verifyConsistency({ ...consistencyOf(0, 7), proof: [leafAt(0)] })).toBe(false)
  expect(verifyConsistency({ earlier: sized(7), later: sized(3), proof: [] })).toBe(false)
})

/** Other indexes and sizes to try, and the bit that is flipped in hashes. */
type Tampering = { readonly numbers: readonly number[]; readonly bit: number }

function expectOnlyInclusion(claim: Inclusion, { numbers, bit }: Tampering): void {
  const { index, size, leaf, root, proof } = claim
  if (!verifyInclusion(claim)) expect.fail(`${index} of ${size} is refused`)
  const others: readonly Inclusion[] = [
    ...tamperedProofs(proof, bit).map((other) => ({ ...claim, proof: other })),
    { ...claim, leaf: flipped(leaf, bit) },
    { ...claim, root: flipped(root, bit) },
    ...numbers
      .filter((n) => n !== index)
      .flatMap((n) => [
        { ...claim, index: n },
        { ...claim, leaf: leafAt(n) },
      ]),
    // a size is signed with its root: with the root of another size, the proof of this one leads nowhere
    ...numbers.filter((n) => n !== size).map((n) => ({ ...claim, ...sized(n) })),
    ...[0, index, Number.NaN, -1, 0.5 + size, 2 ** 60].map((n) => ({ ...claim, size: n })),
    ...[size, Number.NaN, -1, index + 0.5, 2 ** 60].map((n) => ({ ...claim, index: n })),
  ]
  for (const other of others)
    if (verifyInclusion(other)) expect.fail(`accepted for ${index} of ${size}: ${shown(other)}`)
}

function expectOnlyConsistency(claim: Consistency, { numbers, bit }: Tampering): void {
  const { earlier, later, proof } = claim
  if (!verifyConsistency(claim)) expect.fail(`${earlier.size} to ${later.size} is refused`)
  const others: readonly Consistency[] = [
    ...tamperedProofs(proof, bit).map((other) => ({ ...claim, proof: other })),
    { ...claim, earlier: { ...earlier, root: flipped(earlier.root, bit) } },
    { ...claim, later: { ...later, root: flipped(later.root, bit) } },
    { ...claim, earlier: later, later: earlier },
    ...numbers
      .filter((n) => n !== earlier.size)
      .flatMap((size) => [
        { ...claim, earlier: sized(size) },
        { ...claim, earlier: { ...earlier, size } },
      ]),
    ...numbers.filter((n) => n !== later.size).map((size) => ({ ...claim, later: sized(size) })),
    ...[Number.NaN, -1, 0.5 + earlier.size, 2 ** 60].map((size) => ({ ...claim, earlier: { ...earlier, size } })),
    ...[Number.NaN, -1, 0.5 + later.size, 2 ** 60].map((size) => ({ ...claim, later: { ...later, size } })),
  ]
  for (const other of others) {
    if (verifyConsistency(other)) expect.fail(`accepted for ${earlier.size} to ${later.size}: ${shown(other)}`)
  }
}

/** Each hash flipped, dropped, doubled, or preceded by another one; each two swapped; all gone; one more at the end. */
function tamperedProofs(proof: Proof, bit: number): readonly Proof[] {
  const stranger = leafAt(MOST - 1)
  const places = proof.flatMap((hash, at) => [
    proof.with(at, flipped(hash, bit)),
    proof.toSpliced(at, 1),
    proof.toSpliced(at, 0, hash),
    proof.toSpliced(at, 0, stranger),
    ...proof.slice(at + 1).flatMap((other, after) => {
      return other.equals(hash) ? [] : [proof.with(at, other).with(at + 1 + after, hash)]
    }),
  ])
  return [...places, [...proof, stranger], ...(proof.length > 0 ? [[]] : [])]
}

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash)
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return copy
}

function shown(claim: Inclusion | Consistency): string {
  return JSON.stringify(claim, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
  )
}
