import { invariant } from '../kernel/invariant.ts'
import { keccak } from './keccak.ts'
import { HASH_BYTES, hashLeaves, type PayoutLeaf, type PayoutRound } from './payout-leaf.ts'

/** A round's tree: its root goes into the contract, its proofs to those who claim. Hashes are 0x and 64 digits. */
export type PayoutTree = {
  readonly root: string
  /** The siblings of a leaf, by its place in the list that was given, from the leaf up. */
  readonly proofOf: (index: number) => readonly string[]
}

/**
 * Builds the tree over a round's leaves. It is OpenZeppelin's: leaves stand in the order of their hashes, a pair is sorted
 * before it is hashed. All nodes lie in one stretch of memory, root first, the children of node i at 2i+1 and 2i+2, so that
 * nothing is made for a node: 100,000 leaves take seconds.
 */
export function buildPayoutTree(round: PayoutRound, leaves: readonly PayoutLeaf[]): PayoutTree {
  invariant(leaves.length > 0, 'a round has leaves')
  const hashes = hashLeaves(round, leaves)
  const order = orderOf(hashes)
  const size = 2 * leaves.length - 1
  const nodes = new Uint8Array(size * HASH_BYTES)
  const places = new Uint32Array(leaves.length)
  for (const [rank, leaf] of order.entries()) {
    const node = size - 1 - rank
    places[leaf] = node
    nodes.set(hashAt(hashes, leaf), node * HASH_BYTES)
  }
  hashInnerNodes(nodes, leaves.length - 1)
  return {
    root: hexOf(nodes, 0),
    proofOf: (index) => {
      const place = places[index]
      invariant(place !== undefined, `the round has no leaf ${index}`)
      return siblingsOf(place).map((node) => hexOf(nodes, node))
    },
  }
}

/** Whether the siblings lead from a leaf to the root, as the contract reckons it. */
export function provesPayout(root: string, leaf: string, proof: readonly string[]): boolean {
  const sponge = keccak()
  const pair = new Uint8Array(2 * HASH_BYTES)
  const node = Buffer.from(leaf.slice(2), 'hex')
  for (const sibling of proof) {
    writePair(pair, node, Buffer.from(sibling.slice(2), 'hex'))
    sponge.hashInto(pair, node, 0)
  }
  return node.equals(Buffer.from(root.slice(2), 'hex'))
}

/** Leaves by their hashes, ascending. Most are told apart by the first 48 bits, which a double holds exactly. */
function orderOf(hashes: Uint8Array): Uint32Array {
  const count = hashes.length / HASH_BYTES
  const view = Buffer.from(hashes.buffer)
  const heads = Float64Array.from({ length: count }, (_, leaf) => view.readUIntBE(leaf * HASH_BYTES, 6))
  return Uint32Array.from({ length: count }, (_, leaf) => leaf).sort(
    (a, b) => (heads[a] ?? 0) - (heads[b] ?? 0) || Buffer.compare(hashAt(hashes, a), hashAt(hashes, b)),
  )
}

/** From the last inner node back to the root: children come before their parent. */
function hashInnerNodes(nodes: Uint8Array, innerNodes: number): void {
  const sponge = keccak()
  const pair = new Uint8Array(2 * HASH_BYTES)
  for (let node = innerNodes - 1; node >= 0; node -= 1) {
    writePair(pair, hashAt(nodes, 2 * node + 1), hashAt(nodes, 2 * node + 2))
    sponge.hashInto(pair, nodes, node * HASH_BYTES)
  }
}

function writePair(pair: Uint8Array, one: Uint8Array, other: Uint8Array): void {
  const ascends = Buffer.compare(one, other) <= 0
  pair.set(ascends ? one : other, 0)
  pair.set(ascends ? other : one, HASH_BYTES)
}

function siblingsOf(leaf: number): readonly number[] {
  const siblings: number[] = []
  // the left child of a node has an odd number, the right one the even number after it
  for (let node = leaf; node > 0; node = (node - 1) >> 1) siblings.push(node % 2 === 1 ? node + 1 : node - 1)
  return siblings
}

function hashAt(hashes: Uint8Array, place: number): Uint8Array {
  return hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES)
}

function hexOf(nodes: Uint8Array, node: number): string {
  return `0x${Buffer.from(hashAt(nodes, node)).toString('hex')}`
}
