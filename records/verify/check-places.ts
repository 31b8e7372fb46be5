import type { Database, Transaction } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import { HASH_BYTES, leafHashes, rootOfRow } from '../merkle/hashes.ts'
import { TILE_WIDTH, type Tree } from '../merkle/tiles.ts'
import { copyLeaves, LEAVES_COLUMNS } from '../store/copy-log.ts'
import type { OrderKey, Places, SealedRow } from '../store/sealed-records.ts'
import { visitRows } from './copied-rows.ts'
import { type Findings, type FoundSome, findings } from './findings.ts'
import { lookAtEach } from './look-at-each.ts'
import { readInStep } from './read-in-step.ts'

/** What was met in some places, which begin where a tile begins. */
export type CheckedPlaces = Places & {
  /** The hashes of their leaves, as the seals make them, one after the other. */
  readonly leaves: Buffer
  /** The roots of the tiles that are full within them. */
  readonly roots: Buffer
  readonly found: FoundSome
  /** Whether each record of this part of the log has its place, and none is passed over. */
  readonly inStep: boolean
  /** The last record that is sealed in them. */
  readonly last: LastSealed | undefined
}

export type LastSealed = { readonly seq: number; readonly id: Id<'rec'>; readonly txId: string | undefined }

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
    const misplaced = new Set<number>()
    for (let from = places.from; from < places.to; from += TILE_WIDTH) {
      const tile = { from, to: Math.min(places.to, from + TILE_WIDTH) }
      const own = leaves.subarray((tile.from - places.from) * HASH_BYTES, (tile.to - places.from) * HASH_BYTES)
      const row = rows.get(from / TILE_WIDTH)?.subarray(0, own.length)
      if (!row?.equals(own)) checkLeaves({ tile, own, row: row ?? Buffer.alloc(0), seals, misplaced }, found)
    }
    // a seal that is not the one in the tree says already that its place is not its own
    for (const { seq, id } of seals.moved) {
      if (!misplaced.has(seq))
        found.add(`record ${id} in place ${seq}`, 'its transaction is not the one whose turn it was')
    }
    const { inStep, last } = seals
    return { ...places, leaves, roots: rootsOfTiles(leaves), found: found.some(), inStep, last }
  })
}

type Seals = Pick<CheckedPlaces, 'inStep' | 'last'> & {
  readonly commitments: Buffer
  readonly idAt: (place: number) => Id<'rec'> | undefined
  readonly moved: readonly Pick<SealedRow, 'seq' | 'id'>[]
}

async function readSeals(tx: Transaction, places: Places, found: Findings): Promise<Seals> {
  const inStep = await readInStep(tx, places)
  if (inStep) return { ...inStep, moved: [], inStep: true, last: lastOf(places.to, inStep.last) }
  const { last, ...seals } = await lookAtEach(tx, places, found)
  return { ...seals, inStep: false, last: last && { seq: last.seq, id: last.id, txId: last.record?.txId } }
}

function lastOf(seq: number, { txId, recordId }: OrderKey): LastSealed {
  return { seq, id: idOf('rec', recordId), txId }
}

/** The leaves that the tree has, by tile. */
async function storedRows(tx: Transaction, stored: Tree, places: Places): Promise<ReadonlyMap<number, Buffer>> {
  const rows = new Map<number, Buffer>()
  await visitRows(await copyLeaves(tx, places), LEAVES_COLUMNS, ({ bytes, index, hashes }) => {
    rows.set(Number(bytes.readBigInt64BE(index.from)), bytes.subarray(hashes.from, hashes.to))
  })
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
  /** Takes the places whose seals are others than the tree's. */
  readonly misplaced: Set<number>
}

/** Names the places in which a tile's leaves are not those of its seals. */
function checkLeaves({ tile, own, row, seals, misplaced }: TileLeaves, { add }: Findings): void {
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
    else if (!leaf.equals(stored)) {
      misplaced.add(place)
      add(`record ${id} in place ${place}`, 'its seal is not the leaf in the tree')
    }
  }
}

function rootsOfTiles(leaves: Buffer): Buffer {
  const roots: Buffer[] = []
  for (let at = 0; at + TILE_BYTES <= leaves.length; at += TILE_BYTES) {
    roots.push(rootOfRow(leaves.subarray(at, at + TILE_BYTES)))
  }
  return Buffer.concat(roots)
}
