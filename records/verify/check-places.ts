import type { Database, Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { HASH_BYTES, leafHashes, rootOfRow } from '../merkle/hashes.ts'
import { TILE_WIDTH, type TilePlace, type Tree } from '../merkle/tiles.ts'
import { selectTiles } from '../store/seals.ts'
import { type Findings, type FoundSome, findings } from './findings.ts'
import { type Places, readSeals, type Seals } from './read-seals.ts'

/** What was met in some places, which begin where a tile begins. */
export type CheckedPlaces = Places & {
  /** The hashes of their leaves, as the seals make them, one after the other. */
  readonly leaves: Buffer
  /** The roots of the tiles that are full within them. */
  readonly roots: Buffer
  readonly found: FoundSome
  /** The last record that is sealed in them. */
  readonly last: { readonly seq: number; readonly id: Id<'rec'> } | undefined
}

const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/**
 * Hashes the records in some places again, looks for places without one, and compares leaves with the tree's. It needs
 * nothing of other places, so that they can be checked side by side.
 */
export async function checkPlaces(
  database: Pick<Database, 'transaction'>,
  stored: Tree,
  places: Places,
): Promise<CheckedPlaces> {
  return database.transaction(async (tx) => {
    const found = findings()
    const seals = await readSeals(tx, places, found)
    const leaves = leafHashes(seals.commitments)
    const rows = await storedRows(tx, stored, places)
    for (let from = places.from; from < places.to; from += TILE_WIDTH) {
      const tile = { from, to: Math.min(places.to, from + TILE_WIDTH) }
      const own = leaves.subarray((tile.from - places.from) * HASH_BYTES, (tile.to - places.from) * HASH_BYTES)
      const row = rows.get(from / TILE_WIDTH)?.subarray(0, own.length)
      if (!row?.equals(own)) checkLeaves({ tile, own, row: row ?? Buffer.alloc(0), seals }, found)
    }
    return { ...places, leaves, roots: rootsOfTiles(leaves), found: found.some(), last: lastOf(seals) }
  })
}

/** The leaves that the tree has, by tile. */
async function storedRows(tx: Transaction, stored: Tree, { from, to }: Places): Promise<ReadonlyMap<number, Buffer>> {
  const wanted: TilePlace[] = []
  for (let index = from / TILE_WIDTH; index * TILE_WIDTH < to; index++) wanted.push({ level: 0, index })
  const rows = new Map((await selectTiles(tx, wanted)).map(({ index, hashes }) => [index, hashes]))
  const [edge] = stored.edge
  if (edge) rows.set(Math.floor(stored.size / TILE_WIDTH), edge)
  return rows
}

type TileLeaves = {
  readonly tile: Places
  /** As the seals make them. A place without a seal takes the tree's leaf, so that what follows can be checked. */
  readonly own: Buffer
  readonly row: Buffer
  readonly seals: Seals
}

/** Names the places in which a tile's leaves are not those of its seals. */
function checkLeaves({ tile, own, row, seals }: TileLeaves, { add }: Findings): void {
  for (let place = tile.from + 1; place <= tile.to; place++) {
    const at = (place - 1 - tile.from) * HASH_BYTES
    const leaf = own.subarray(at, at + HASH_BYTES)
    const stored = row.subarray(at, at + HASH_BYTES)
    const id = seals.idAt(place)
    if (!id) {
      add(`place ${place}`, 'no record is sealed in it')
      leaf.fill(0)
      stored.copy(leaf)
    } else if (stored.length < HASH_BYTES) add(`place ${place}`, 'its leaf is missing from the tree')
    else if (!leaf.equals(stored)) add(`record ${id} in place ${place}`, 'its seal is not the leaf in the tree')
  }
}

function rootsOfTiles(leaves: Buffer): Buffer {
  const roots: Buffer[] = []
  for (let at = 0; at + TILE_BYTES <= leaves.length; at += TILE_BYTES) {
    roots.push(rootOfRow(leaves.subarray(at, at + TILE_BYTES)))
  }
  return Buffer.concat(roots)
}

function lastOf({ last, idAt }: Seals): CheckedPlaces['last'] {
  const id = last === undefined ? undefined : idAt(last)
  return last === undefined || id === undefined ? undefined : { seq: last, id }
}
