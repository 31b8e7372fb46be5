import type { Context } from '../../database/context.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import { appendLeaves, appendTileRoots, EMPTY_TREE, rootOf, TILE_WIDTH, type Tile, type Tree } from '../merkle/tiles.ts'
import { selectTiles } from '../store/seals.ts'
import type { CheckedPlaces, LastSealed } from './check-places.ts'
import type { Claim, ClaimSource } from './claims.ts'
import type { Findings } from './findings.ts'

export type Walk = {
  readonly context: Context
  /** All places in their order, checked one by one. */
  readonly checked: AsyncIterable<CheckedPlaces>
  readonly claims: ClaimSource
  readonly found: Findings
  readonly onPlaces?: (done: number) => void
}

/** What was met on the way: the tree as the seals make it, how far claims agree with it, and the last record. */
export type Walked = {
  readonly tree: Tree
  /** The size of the last claim that agrees, and how many do. */
  readonly agreed: number
  readonly claims: number
  /** Told once: when a claim differs, those about larger trees cannot but differ too. */
  readonly differs: boolean
  /** Whether each record up to the last has its place. */
  readonly inStep: boolean
  readonly last: LastSealed | undefined
}

/** Goes through the checked places from the first to the last, in bounded memory, and grows the tree over them. */
export async function walkLog(walk: Walk): Promise<Walked> {
  const start: Walked = { tree: EMPTY_TREE, agreed: 0, claims: 0, differs: false, inStep: true, last: undefined }
  let walked = compareClaims(start, await walk.claims({ from: -1, to: 0 }), walk.found)
  for await (const places of walk.checked) {
    walk.found.take(places.found)
    const inStep = walked.inStep && places.inStep
    walked = await walkPlaces(walk, { ...walked, inStep, last: places.last ?? walked.last }, places)
    walk.onPlaces?.(walked.tree.size)
  }
  return walked
}

/** Stops at each size that something is claimed about: up to the tile before it by whole tiles, then leaf by leaf. */
async function walkPlaces(walk: Walk, before: Walked, { from, to, leaves, roots }: CheckedPlaces): Promise<Walked> {
  const due = await walk.claims({ from, to })
  let walked = before
  let tiles = walked.tree
  for (const stop of new Set([...due.map(({ size }) => size), to])) {
    const whole = stop - (stop % TILE_WIDTH)
    const some = roots.subarray(tileBytes(tiles.size - from), tileBytes(whole - from))
    const grown = appendTileRoots(tiles, some)
    await checkTiles(walk, grown.full)
    tiles = grown.tree
    const { tree } = appendLeaves(tiles, leaves.subarray((whole - from) * HASH_BYTES, (stop - from) * HASH_BYTES))
    walked = compareClaims(
      { ...walked, tree },
      due.filter(({ size }) => size === stop),
      walk.found,
    )
  }
  return walked
}

function tileBytes(places: number): number {
  return (places / TILE_WIDTH) * HASH_BYTES
}

/** Compares the tiles above the leaves, which became full, with those that are stored. */
async function checkTiles({ context, found }: Walk, full: readonly Tile[]): Promise<void> {
  const stored = await selectTiles(context.database.reads, full)
  for (const { level, index, hashes } of full) {
    const same = stored.find((tile) => tile.level === level && tile.index === index)
    if (!same?.hashes.equals(hashes))
      found.add(`tile ${level}/${index}`, same ? 'it is not what is below it' : 'it is missing')
  }
}

function compareClaims(walked: Walked, claims: readonly Claim[], { add }: Findings): Walked {
  if (claims.length === 0) return walked
  const root = rootOf(walked.tree)
  const wrong = claims.find((claim) => !claim.root.equals(root))
  const { size } = walked.tree
  if (!wrong) return walked.differs ? walked : { ...walked, agreed: size, claims: walked.claims + claims.length }
  if (!walked.differs) {
    add(wrong.where, `the first ${size} records are not those that were signed for; the first ${walked.agreed} are`)
  }
  return { ...walked, differs: true }
}
