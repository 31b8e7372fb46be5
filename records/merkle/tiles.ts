import { invariant } from '../../kernel/invariant.ts'
import { HASH_BYTES, leafHashes, rootOfRow, rootOfSubtrees } from './hashes.ts'
import { type Range, type Subtree, subtreesOf } from './proof-ranges.ts'

const TILE_HEIGHT = 8
/** Hashes in a tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 2 ** TILE_HEIGHT
const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** Where a tile stands: at level L its hashes are the roots of full subtrees of 256^L leaves, from `index · 256` on. */
export type TilePlace = { readonly level: number; readonly index: number }

/** A full tile: 256 hashes one after the other. It never changes. */
export type Tile = TilePlace & { readonly hashes: Buffer }

/** The tiles that are not full yet, one for each level from 0 up: the tree's right edge, from which its root follows. */
export type Edge = readonly Buffer[]

/** A tree: how many leaves, and its edge. */
export type Tree = { readonly size: number; readonly edge: Edge }

/** The tree without leaves. */
export const EMPTY_TREE: Tree = { size: 0, edge: [] }

/** Adds entries of 32 bytes, written one after the other; returns the grown tree, and the tiles that became full. */
export function appendEntries(tree: Tree, entries: Buffer): Grown {
  return appendLeaves(tree, leafHashes(entries))
}

export type Grown = { readonly tree: Tree; readonly full: readonly Tile[] }

/** Adds leaves by their hashes, written one after the other, as {@link appendEntries} does. */
export function appendLeaves(tree: Tree, leaves: Buffer): Grown {
  invariant(leaves.length % HASH_BYTES === 0, 'a hash has 32 bytes')
  const full: Tile[] = []
  const edge: Buffer[] = []
  let coming = leaves
  let before = tree.size
  for (let level = 0; coming.length > 0 || level < tree.edge.length; level++) {
    const row = Buffer.concat([tree.edge[level] ?? Buffer.alloc(0), coming])
    const done = cutTiles({ level, index: Math.floor(before / TILE_WIDTH) }, row)
    full.push(...done)
    edge.push(Buffer.from(row.subarray(done.length * TILE_BYTES)))
    coming = Buffer.concat(done.map(({ hashes }) => rootOfRow(hashes)))
    before = Math.floor(before / TILE_WIDTH)
  }
  return { tree: { size: tree.size + leaves.length / HASH_BYTES, edge }, full }
}

/** Adds full tiles of leaves by their roots, written one after the other, to a tree that ends with a full tile. */
export function appendTileRoots(tree: Tree, roots: Buffer): Grown {
  invariant(tree.size % TILE_WIDTH === 0, 'a tile stands behind a full one')
  // above its leaves, a tree is the tree over the roots of its tiles
  const above = appendLeaves({ size: tree.size / TILE_WIDTH, edge: tree.edge.slice(1) }, roots)
  return {
    tree: { size: above.tree.size * TILE_WIDTH, edge: [Buffer.alloc(0), ...above.tree.edge] },
    full: above.full.map(({ level, index, hashes }) => ({ level: level + 1, index, hashes })),
  }
}

function cutTiles({ level, index }: TilePlace, row: Buffer): readonly Tile[] {
  return Array.from({ length: Math.floor(row.length / TILE_BYTES) }, (_, place) => ({
    level,
    index: index + place,
    hashes: row.subarray(place * TILE_BYTES, (place + 1) * TILE_BYTES),
  }))
}

/** The root of a tree (RFC 9162 §2.1.1). */
export function rootOf({ size, edge }: Tree): Buffer {
  const whole = { from: 0, to: size }
  return rootOfRange(whole, { size, edge }, noTiles)
}

function noTiles({ level, index }: TilePlace): Buffer {
  invariant(false, `the root of a tree needs no full tile, but was asked for ${level}/${index}`)
}

/** The full tiles that are needed to compute the roots of ranges. */
export function tilesFor(ranges: readonly Range[], tree: Tree): readonly TilePlace[] {
  const places = new Map<string, TilePlace>()
  for (const subtree of ranges.flatMap(subtreesOf)) {
    const { level, index } = placeOf(subtree)
    if (!onEdge(tree, { level, index })) places.set(`${level}/${index}`, { level, index })
  }
  return [...places.values()]
}

/** The root of a range of leaves, out of the tree's edge and the full tiles that {@link tilesFor} names. */
export function rootOfRange(range: Range, tree: Tree, tileAt: (place: TilePlace) => Buffer): Buffer {
  invariant(range.from <= range.to && range.to <= tree.size, 'a range lies in the tree')
  return rootOfSubtrees(
    subtreesOf(range).map((subtree) => {
      const { level, index, from, to } = placeOf(subtree)
      const row = onEdge(tree, { level, index }) ? tree.edge[level] : tileAt({ level, index })
      invariant(row && row.length >= to, `the tree’s tile ${level}/${index} is too short`)
      return rootOfRow(row.subarray(from, to))
    }),
  )
}

/** The tile in which a subtree's own level begins, and the bytes there whose root it is. */
function placeOf({ height, index }: Subtree): TilePlace & { readonly from: number; readonly to: number } {
  const width = 2 ** (height % TILE_HEIGHT)
  const first = index * width
  const from = (first % TILE_WIDTH) * HASH_BYTES
  return {
    level: Math.floor(height / TILE_HEIGHT),
    index: Math.floor(first / TILE_WIDTH),
    from,
    to: from + width * HASH_BYTES,
  }
}

function onEdge({ size }: Tree, { level, index }: TilePlace): boolean {
  return index === Math.floor(size / TILE_WIDTH ** (level + 1))
}
