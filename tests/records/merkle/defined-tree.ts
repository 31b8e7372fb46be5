import { createHash } from 'node:crypto'
import type { inclusionRanges } from '../../../records/merkle/proof-ranges.ts'
import {
  appendEntries,
  EMPTY_TREE,
  rootOfRange,
  type Tile,
  type Tree,
  tilesFor,
} from '../../../records/merkle/tiles.ts'

/** The root of a tree’s part, by the definition alone. */
export type DefinedRoot = (from: number, to: number) => Buffer

/**
 * The definition itself, RFC 9162 §2.1.1, over the entries that a function gives. It shares nothing with the house's tree,
 * and keeps what it has computed.
 */
export function definedOver(entryAt: (index: number) => Uint8Array): DefinedRoot {
  // small whole numbers are found quickest
  const known = new Map<number, Map<number, Buffer>>()
  const rootOver: DefinedRoot = (from, to) => {
    const begun = known.get(from) ?? new Map<number, Buffer>()
    const before = begun.get(to)
    if (before) return before
    const root = compute(from, to)
    known.set(from, begun.set(to, root))
    return root
  }
  const compute: DefinedRoot = (from, to) => {
    if (to === from) return sha256()
    if (to - from === 1) return sha256(Buffer.from([0]), entryAt(from))
    let k = 1
    while (k * 2 < to - from) k *= 2
    return sha256(Buffer.from([1]), rootOver(from, from + k), rootOver(from + k, to))
  }
  return rootOver
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

export const entry = (index: number): Buffer => sha256(Buffer.from(`entry ${index}`))
const entries = (from: number, to: number) =>
  Buffer.concat(Array.from({ length: to - from }, (_, n) => entry(from + n)))

export const definedRoot: DefinedRoot = definedOver(entry)
export const leafAt = (index: number): Buffer => definedRoot(index, index + 1)

/** A tree, with the tiles that became full. */
export type GrownTree = { readonly tree: Tree; readonly tiles: ReadonlyMap<string, Buffer> }

const keyOf = ({ level, index }: Pick<Tile, 'level' | 'index'>) => `${level}/${index}`

/** A tree of such entries that grew by steps. */
export function grow(steps: readonly number[], from: GrownTree = { tree: EMPTY_TREE, tiles: new Map() }): GrownTree {
  const tiles = new Map(from.tiles)
  let { tree } = from
  for (const step of steps) {
    const grown = appendEntries(tree, entries(tree.size, tree.size + step))
    for (const { level, index, hashes } of grown.full) tiles.set(keyOf({ level, index }), hashes)
    tree = grown.tree
  }
  return { tree, tiles }
}

/** The proof that the house makes out of a tree, from no more tiles than it asks for. */
export function prove(ranges: ReturnType<typeof inclusionRanges>, { tree, tiles }: GrownTree): readonly Buffer[] {
  const allowed = new Set(tilesFor(ranges, tree).map(keyOf))
  return ranges.map((range) =>
    rootOfRange(range, tree, (place) => {
      const tile = tiles.get(keyOf(place))
      if (!tile || !allowed.has(keyOf(place))) throw new Error(`no tile ${keyOf(place)}`)
      return tile
    }),
  )
}
