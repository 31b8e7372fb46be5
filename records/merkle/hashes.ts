import { hash } from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32

const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** The root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0))

/** The hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, entry]))
}

/** The hash of a node over two: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]))
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
    sha256(Buffer.concat([NODE, row.subarray(2 * at, 2 * at + 2 * HASH_BYTES)])).copy(above, at)
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

function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}
