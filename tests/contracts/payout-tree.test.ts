import { randomBytes } from 'node:crypto'
import { SimpleMerkleTree, StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { keccak256 } from 'ethers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keccak } from '../../contracts/keccak.ts'
import { hashLeaves, type PayoutLeaf, type PayoutRound } from '../../contracts/payout-leaf.ts'
import { buildPayoutTree, provesPayout } from '../../contracts/payout-tree.ts'

const TYPES = ['uint256', 'address', 'uint256', 'uint256', 'address', 'uint256', 'bytes32']
const round: PayoutRound = { chainId: 31_337n, contract: `0x${'c0'.repeat(20)}`, number: 7n }

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString('hex')}`
const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const someLeaves = (count: number): readonly PayoutLeaf[] =>
  Array.from({ length: count }, (_, index) => ({ account: hex(20), amount: BigInt(index) ** 5n + 1n, salt: hex(32) }))

/** Hashes of leaves, one text each. */
function leafHashes(leaves: readonly PayoutLeaf[], of = round): readonly string[] {
  const hashes = hashLeaves(of, leaves)
  return leaves.map((_, index) => hexOf(hashes.subarray(index * 32, index * 32 + 32)))
}

const hexadecimal = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(hexOf)
const anyLeaf = fc.record({
  account: hexadecimal(20),
  amount: fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
  salt: hexadecimal(32),
})

describe('keccak', () => {
  test('hashes every length of message as ethers does', () => {
    const sponge = keccak()
    const digest = new Uint8Array(32)
    for (let length = 0; length <= 600; length += 1) {
      const message = randomBytes(length)
      sponge.hashInto(message, digest, 0)
      expect(hexOf(digest), `${length} bytes`).toBe(keccak256(message))
    }
  })

  test('hashes any message as ethers does, also into the message’s own memory', () => {
    const sponge = keccak()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 2000 }), fc.nat(8), (message, offset) => {
        const expected = keccak256(message)
        sponge.hashInto(message, message, offset)
        expect(hexOf(message.subarray(offset, offset + 32))).toBe(expected)
      }),
    )
  })
})

describe('leaves', () => {
  test('hash as OpenZeppelin’s standard leaves of the same seven words', () => {
    fc.assert(
      fc.property(fc.array(anyLeaf, { minLength: 1, maxLength: 20 }), (leaves) => {
        const values = leaves.map(({ account, amount, salt }, index) => [
          ...[round.chainId, round.contract, round.number, BigInt(index)],
          ...[account, amount, salt],
        ])
        const tree = StandardMerkleTree.of(values, TYPES)
        expect(leafHashes(leaves)).toEqual(values.map((value) => tree.leafHash(value)))
        expect(buildPayoutTree(round, leaves).root).toBe(tree.root)
      }),
      { numRuns: 30 },
    )
  })

  test('differ in another round, contract or chain, at another index, and with another salt', () => {
    const [leaf] = someLeaves(1)
    if (leaf === undefined) throw new Error('one leaf was asked for')
    const all = [
      ...leafHashes([leaf, leaf]),
      ...leafHashes([leaf], { ...round, number: 8n }),
      ...leafHashes([leaf], { ...round, chainId: 1n }),
      ...leafHashes([leaf], { ...round, contract: hex(20) }),
      ...leafHashes([{ ...leaf, salt: hex(32) }]),
    ]
    expect(new Set(all).size).toBe(6)
  })
})

describe('trees', () => {
  test('of 1 to 300 leaves have OpenZeppelin’s root and proofs', { timeout: 120_000 }, () => {
    const leaves = someLeaves(300)
    const hashes = leafHashes(leaves)
    for (let size = 1; size <= 300; size += 1) {
      const ours = buildPayoutTree(round, leaves.slice(0, size))
      const theirs = SimpleMerkleTree.of(hashes.slice(0, size))
      expect(ours.root, `${size} leaves`).toBe(theirs.root)
      for (const index of sampled(size)) expect(ours.proofOf(index)).toEqual(theirs.getProof(index))
    }
  })

  test('prove every leaf, and nothing that differs from it in one bit', () => {
    const scene = fc
      .array(anyLeaf, { minLength: 1, maxLength: 40 })
      .chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1), fc.nat(255), fc.nat(20)))
    fc.assert(
      fc.property(scene, ([leaves, index, bit, place]) => {
        const { root, proofOf } = buildPayoutTree(round, leaves)
        const leaf = leafHashes(leaves)[index] ?? ''
        const proof = proofOf(index)
        expect(provesPayout(root, leaf, proof)).toBe(true)
        expect(provesPayout(flip(root, bit), leaf, proof)).toBe(false)
        expect(provesPayout(root, flip(leaf, bit), proof)).toBe(false)
        const changed = proof.map((each, at) => (at === place % proof.length ? flip(each, bit) : each))
        if (proof.length > 0) expect(provesPayout(root, leaf, changed)).toBe(false)
        expect(provesPayout(root, leaf, proof.slice(1))).toBe(proof.length === 0)
      }),
    )
  })

  test('of nothing, or of what is no leaf, are not built', () => {
    const [leaf] = someLeaves(1)
    if (leaf === undefined) throw new Error('one leaf was asked for')
    expect(() => buildPayoutTree(round, [])).toThrow('a round has leaves')
    expect(() => buildPayoutTree(round, [{ ...leaf, salt: '0x00' }])).toThrow('salt')
    expect(() => buildPayoutTree(round, [{ ...leaf, account: 'nobody' }])).toThrow('address')
    expect(() => buildPayoutTree(round, [{ ...leaf, amount: -1n }])).toThrow('128 bits')
    expect(() => buildPayoutTree(round, [{ ...leaf, amount: 2n ** 128n }])).toThrow('128 bits')
    expect(() => buildPayoutTree(round, [leaf]).proofOf(1)).toThrow('no leaf 1')
  })
})

/** All indexes of a small tree, the edges and two in the middle of a large one. */
function sampled(size: number): readonly number[] {
  if (size <= 33) return Array.from({ length: size }, (_, index) => index)
  return [0, Math.floor(size / 3), Math.floor(size / 2), size - 1]
}

function flip(hash: string, bit: number): string {
  const bytes = Buffer.from(hash.slice(2), 'hex')
  const byte = bit >> 3
  bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << (bit & 7)), byte)
  return hexOf(bytes)
}
