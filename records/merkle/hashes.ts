import { hash } from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32

/** The root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0))

/** What is hashed for a leaf and for a node: 0x00 or 0x01, then what stands below. Hashing is synchronous, so they are shared. */
const LEAF = Buffer.from([0, ...EMPTY_ROOT])
const NODE = Buffer.from([1, ...EMPTY_ROOT, ...EMPTY_ROOT])

/** The hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1). Entries of this log have 32 bytes, others may have any. */
export function leafHash(entry: Uint8Array): Buffer {
  if (entry.length !== HASH_BYTES) return sha256(Buffer.concat([LEAF.subarray(0, 1), entry]))
  LEAF.set(entry, 1)
  return sha256(LEAF)
}

/** The hash of a node over two: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    return sha256(Buffer.concat([NODE.subarray(0, 1), left, right]))
  }
  NODE.set(left, 1)
  NODE.set(right, 1 + HASH_BYTES)
  return sha256(NODE)
}

/** The hashes of leaves, one after the other, for entries of 32 bytes that stand likewise. */
export function leafHashes(entries: Buffer): Buffer {
  invariant(entries.length % HASH_BYTES === 0, 'an entry of the tree has 32 bytes')
  const leaves = Buffer.allocUnsafe(entries.length)
  for (let at = 0; at < leaves.length; at += HASH_BYTES) {
    entries.copy(LEAF, 1, at, at + HASH_BYTES)
    leaves.write(sha256Text(LEAF), at, 'latin1')
  }
  return leaves
}

/** The root over a row of hashes, written one after the other, whose number is a power of two. */
export function rootOfRow(row: Buffer): Buffer {
  const width = row.length / HASH_BYTES
  invariant(width >= 1 && Number.isInteger(Math.log2(width)), 'a full subtree is over a power of two')
  let level = row
  while (level.length > HASH_BYTES) level = levelAbove(level)
  return Buffer.from(level)
}

function levelAbove(row: Buffer): Buffer {
  const above = Buffer.allocUnsafe(row.length / 2)
  for (let at = 0; at < above.length; at += HASH_BYTES) {
    row.copy(NODE, 1, 2 * at, 2 * at + 2 * HASH_BYTES)
    above.write(sha256Text(NODE), at, 'latin1')
  }
  return above
}

/** The root over full subtrees of falling size that stand side by side; of none it is {@link EMPTY_ROOT}. */
export function rootOfSubtrees(roots: readonly Buffer[]): Buffer {
  return (
    roots.reduceRight<Buffer | undefined>((right, left) => (right ? nodeHash(left, right) : left), undefined) ??
    EMPTY_ROOT
  )
}

/** SHA-256 of bytes, a character for each byte of the hash: Node gives that four times as fast as it gives a Buffer. */
export function sha256Text(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary')
}

function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(sha256Text(bytes), 'latin1')
}
