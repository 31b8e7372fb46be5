import type { Context } from '../../database/context.ts'
import { HASH_BYTES, leafHash } from '../merkle/hashes.ts'
import { appendLeaves, EMPTY_TREE, rootOf, TILE_WIDTH, type Tile, type TilePlace, type Tree } from '../merkle/tiles.ts'
import { type SealedRow, selectSealed } from '../store/sealed-records.ts'
import { selectTiles } from '../store/seals.ts'
import { checkRecord } from './check-record.ts'
import type { Claim, ClaimSource } from './claims.ts'
import type { Findings } from './findings.ts'

/** How many places are looked at together: whole tiles, so that leaves can be compared with them. */
const PAGE = 2 * TILE_WIDTH

export type Walk = {
  readonly context: Context
  /** The tree as the sealer left it. */
  readonly stored: Tree
  readonly claims: ClaimSource
  readonly found: Findings
  readonly onPlaces?: (done: number) => void
}

/** What was met on the way: the tree as the seals make it, how far claims agree with it, and the last record. */
export type Walked = {
  readonly tree: Tree
  readonly agreed: number
  /** Told once: when a claim differs, those about larger trees cannot but differ too. */
  readonly differs: boolean
  readonly last: SealedRow | undefined
}

/** Goes through the log from its first place to its last, in bounded memory, and checks all that is in it. */
export async function walkLog(walk: Walk): Promise<Walked> {
  const { size } = walk.stored
  const start: Walked = { tree: EMPTY_TREE, agreed: 0, differs: false, last: undefined }
  let walked = compareClaims(start, await walk.claims({ from: -1, to: 0 }), walk.found)
  for (let from = 0; from < size; from += PAGE) {
    walked = await walkPlaces(walk, walked, { from, to: Math.min(size, from + PAGE) })
    walk.onPlaces?.(walked.tree.size)
  }
  return walked
}

type Places = { readonly from: number; readonly to: number }

async function walkPlaces(walk: Walk, before: Walked, places: Places): Promise<Walked> {
  const { context, claims, found } = walk
  const rows = await selectSealed(context.database.reads, places)
  for (const row of rows) checkRecord(row, found)
  const leaves = checkLeaves(rows, await storedLeaves(walk, places), places, found)
  const due = await claims(places)
  let walked: Walked = { ...before, last: rows.at(-1) ?? before.last }
  for (const to of new Set([...due.map(({ size }) => size), places.to])) {
    const some = leaves.subarray((walked.tree.size - places.from) * HASH_BYTES, (to - places.from) * HASH_BYTES)
    const { tree, full } = appendLeaves(walked.tree, some)
    await checkTiles(walk, full)
    walked = compareClaims(
      { ...walked, tree },
      due.filter(({ size }) => size === to),
      found,
    )
  }
  return walked
}

/** The leaves of these places that the tree has; those of tiles that are missing are left out. */
async function storedLeaves(
  { context, stored }: Walk,
  { from, to }: Places,
): Promise<(place: number) => Buffer | undefined> {
  const wanted: TilePlace[] = []
  for (let index = from / TILE_WIDTH; index * TILE_WIDTH < to; index++) wanted.push({ level: 0, index })
  const tiles = await selectTiles(context.database.reads, wanted)
  const rows = new Map(tiles.map(({ index, hashes }) => [index, hashes]))
  const edgeIndex = Math.floor(stored.size / TILE_WIDTH)
  const edge = stored.edge[0]
  if (edge) rows.set(edgeIndex, edge)
  return (place) => {
    const at = ((place - 1) % TILE_WIDTH) * HASH_BYTES
    const leaf = rows.get(Math.floor((place - 1) / TILE_WIDTH))?.subarray(at, at + HASH_BYTES)
    return leaf?.length === HASH_BYTES ? leaf : undefined
  }
}

/** The leaves that the seals make. A place without a seal takes the tree's leaf, so that what follows can be checked. */
function checkLeaves(
  rows: readonly SealedRow[],
  storedLeaf: (place: number) => Buffer | undefined,
  { from, to }: Places,
  { add }: Findings,
): Buffer {
  const seals = new Map(rows.map((row) => [row.seq, row]))
  const leaves = Buffer.alloc((to - from) * HASH_BYTES)
  for (let place = from + 1; place <= to; place++) {
    const seal = seals.get(place)
    const stored = storedLeaf(place)
    const leaf = seal ? leafHash(seal.commitment) : stored
    if (!seal) add(`place ${place}`, 'no record is sealed in it')
    else if (!stored) add(`place ${place}`, 'its leaf is missing from the tree')
    else if (!leaf?.equals(stored)) add(`record ${seal.id} in place ${place}`, 'its seal is not the leaf in the tree')
    leaf?.copy(leaves, (place - 1 - from) * HASH_BYTES)
  }
  return leaves
}

/** Compares the tiles above the leaves, which became full, with those that are stored. */
async function checkTiles({ context, found }: Walk, full: readonly Tile[]): Promise<void> {
  const upper = full.filter(({ level }) => level > 0)
  const stored = await selectTiles(context.database.reads, upper)
  for (const { level, index, hashes } of upper) {
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
  if (!wrong) return walked.differs ? walked : { ...walked, agreed: size }
  if (!walked.differs) {
    add(wrong.where, `the first ${size} records are not those that were signed for; the first ${walked.agreed} are`)
  }
  return { ...walked, differs: true }
}
