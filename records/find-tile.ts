import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { HASH_BYTES } from './merkle/hashes.ts'
import { TILE_WIDTH, type TilePlace } from './merkle/tiles.ts'
import { selectEntries, selectRow, selectSignedSize } from './store/published.ts'

/** A tile, whole or its first hashes: `width` from 1 to 256. */
export type TileInput = TilePlace & { readonly width: number }

/**
 * The hashes of a tile, one after the other; `undefined` unless the signed log is large enough for all of them. What is
 * given once never changes: a narrower tile is the beginning of a wider one. Source: C2SP tlog-tiles.md, “Merkle Tree”.
 */
export async function findTile(context: Context, tile: TileInput): Promise<Buffer | undefined> {
  const { reads } = context.database
  if (!isSigned(await selectSignedSize(reads), tile)) return undefined
  const hashes = await selectRow(reads, tile)
  invariant(hashes?.length === tile.width * HASH_BYTES, `the tree’s tile ${tile.level}/${tile.index} is too short`)
  return hashes
}

/** The entries under a tile of leaves: 32 bytes each, one after the other; `undefined` as for {@link findTile}. */
export async function findEntries(
  context: Context,
  { index, width }: Omit<TileInput, 'level'>,
): Promise<readonly Buffer[] | undefined> {
  const { reads } = context.database
  if (!isSigned(await selectSignedSize(reads), { level: 0, index, width })) return undefined
  const from = index * TILE_WIDTH
  const entries = await selectEntries(reads, { from, to: from + width })
  invariant(entries.length === width, `the log lacks some of the entries from ${from} on`)
  return entries
}

/** Dividing by a power of two is exact, however high the level. */
function isSigned(size: number, { level, index, width }: TileInput): boolean {
  return index * TILE_WIDTH + width <= Math.floor(size / TILE_WIDTH ** level)
}
