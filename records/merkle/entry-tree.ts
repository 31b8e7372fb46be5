import { HASH_BYTES } from './hashes.ts'
import { inclusionRanges } from './proof-ranges.ts'
import { appendEntries, EMPTY_TREE, type Grown, rootOf, rootOfRange } from './tiles.ts'

/** The root over entries of 32 bytes, written one after the other (RFC 9162 §2.1.1). */
export function rootOfEntries(entries: Buffer): Buffer {
  return rootOf(grownFrom(entries).tree)
}

/** The inclusion proof of one of these entries, from the leaf up (RFC 9162 §2.1.3). Needs 0 ≤ index < their number. */
export function pathInEntries(entries: Buffer, index: number): readonly Buffer[] {
  const { tree, full } = grownFrom(entries)
  const tiles = new Map(full.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]))
  return inclusionRanges(index, entries.length / HASH_BYTES).map((range) =>
    rootOfRange(range, tree, (place) => tiles.get(`${place.level}/${place.index}`) ?? Buffer.alloc(0)),
  )
}

function grownFrom(entries: Buffer): Grown {
  return appendEntries(EMPTY_TREE, entries)
}
