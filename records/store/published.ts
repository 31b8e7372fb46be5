import type { Reader } from '../../database/client.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import type { TilePlace } from '../merkle/tiles.ts'

/** How many records the latest checkpoint covers; 0 before the first. */
export async function selectSignedSize(sql: Reader): Promise<number> {
  const [row] = await sql<{ size: string }[]>`select coalesce(max(size), 0) as size from checkpoints`
  return Number(row?.size ?? 0)
}

/**
 * The first hashes of a tile, from the tile once it is full, else from the edge: in one statement, because a tile that
 * fills between two would be in neither.
 */
export async function selectRow(
  sql: Reader,
  { level, index, width }: TilePlace & { readonly width: number },
): Promise<Buffer | undefined> {
  const [row] = await sql<{ hashes: Buffer | null }[]>`
    select substr(coalesce(t.hashes, h.edge[${level}::int + 1]), 1, ${width * HASH_BYTES}) as hashes
    from seal_head h left join tree_tiles t on t.level = ${level}::smallint and t.index = ${index}::bigint
    where h.one`
  return row?.hashes ?? undefined
}

/** The commitments of places behind `from` up to `to`, in order. */
export async function selectEntries(
  sql: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Buffer[]> {
  const rows = await sql<{ commitment: Buffer }[]>`
    select commitment from seals where seq > ${from}::bigint and seq <= ${to}::bigint order by seq`
  return rows.map(({ commitment }) => commitment)
}
