import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { consistencyRanges, inclusionRanges, type Range } from './merkle/proof-ranges.ts'
import { rootOfRange, type TilePlace, type Tree, tilesFor } from './merkle/tiles.ts'
import { selectSeal, selectTiles, selectTree } from './store/seals.ts'

/** That a record stands in the log: with its body and salt, and a checkpoint of this size, anybody can check it. */
export type InclusionProof = {
  /** Of the leaf, from 0. */
  readonly index: number
  readonly size: number
  /** SHA-256(salt ‖ body): the leaf's entry; its hash is SHA-256(0x00 ‖ commitment). */
  readonly commitment: Buffer
  /** From the leaf up (RFC 9162 §2.1.3). */
  readonly proof: readonly Buffer[]
}

/**
 * Proves a record against the tree of a size, by default as large as it is now; give a checkpoint's size to prove it
 * against that checkpoint. It reads a handful of rows, however long the log.
 * Throws `NOT_FOUND` when no such record is sealed, `WRONG_STATE` when it came later than that size, and
 * `INVALID_INPUT` for a size that the log does not have.
 */
export async function inclusionProof(context: Context, record: Id<'rec'>, size?: number): Promise<InclusionProof> {
  const { reads } = context.database
  const seal = await selectSeal(reads, record)
  if (!seal) throw new Fault('NOT_FOUND', `the log has no record ${record}, or it is not sealed yet`)
  const tree = await selectTree(reads)
  const within = sizeWithin(tree, size ?? tree.size)
  const index = seal.seq - 1
  if (index >= within) throw new Fault('WRONG_STATE', `the record ${record} came after the first ${within} records`)
  const proof = await rootsOf(context, tree, inclusionRanges(index, within))
  return { index, size: within, commitment: seal.commitment, proof }
}

/**
 * The paths of many places, counted from 0, in the tree of a size, in their order. What they share is read once.
 * Throws `INVALID_INPUT` for a size that the log does not have, and for a place that is not in it.
 */
export async function inclusionPaths(
  context: Context,
  indexes: readonly number[],
  size: number,
): Promise<readonly (readonly Buffer[])[]> {
  const tree = await selectTree(context.database.reads)
  sizeWithin(tree, size)
  const inside = indexes.every((index) => Number.isSafeInteger(index) && index >= 0 && index < size)
  if (!inside) throw new Fault('INVALID_INPUT', `a place is from 0 to ${size - 1} here`, { field: 'index' })
  return rootsOfAll(
    context,
    tree,
    indexes.map((index) => inclusionRanges(index, size)),
  )
}

/**
 * Proves that the log of the earlier size is the beginning of the log of the later one.
 * Throws `INVALID_INPUT` for sizes that the log does not have, or in the wrong order.
 */
export async function consistencyProof(context: Context, earlier: number, later: number): Promise<readonly Buffer[]> {
  const tree = await selectTree(context.database.reads)
  sizeWithin(tree, later)
  if (sizeWithin(tree, earlier) > later) throw new Fault('INVALID_INPUT', 'the earlier log is the smaller one')
  return rootsOf(context, tree, consistencyRanges(earlier, later))
}

/** The root of the log when it had this size. Throws `INVALID_INPUT` for a size that the log does not have. */
export async function rootAt(context: Context, size: number): Promise<Buffer> {
  const tree = await selectTree(context.database.reads)
  const [root] = await rootsOf(context, tree, [{ from: 0, to: sizeWithin(tree, size) }])
  invariant(root, 'a range has a root')
  return root
}

function sizeWithin(tree: Tree, size: number): number {
  if (!Number.isSafeInteger(size) || size < 0 || size > tree.size) {
    throw new Fault('INVALID_INPUT', `the log has ${tree.size} sealed records: it has no size ${size}`, {
      field: 'size',
    })
  }
  return size
}

async function rootsOf(context: Context, tree: Tree, ranges: readonly Range[]): Promise<readonly Buffer[]> {
  const [roots = []] = await rootsOfAll(context, tree, [ranges])
  return roots
}

async function rootsOfAll(
  context: Context,
  tree: Tree,
  proofs: readonly (readonly Range[])[],
): Promise<readonly (readonly Buffer[])[]> {
  const tiles = await selectTiles(context.database.reads, tilesFor(proofs.flat(), tree))
  const hashes = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]))
  const tileAt = ({ level, index }: TilePlace): Buffer => {
    const tile = hashes.get(`${level}/${index}`)
    invariant(tile, `the tree’s tile ${level}/${index} is missing`)
    return tile
  }
  return proofs.map((ranges) => ranges.map((range) => rootOfRange(range, tree, tileAt)))
}
