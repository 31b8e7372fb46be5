import type { Reader } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import { TILE_WIDTH, type TilePlace } from '../merkle/tiles.ts'

/** Seals and tiles that stand beyond the sealer's head, some of them. One statement each, for the sealer may move. */
export async function selectBeyondHead(
  sql: Reader,
  limit: number,
): Promise<{
  readonly seals: readonly { readonly seq: number; readonly id: Id<'rec'> }[]
  readonly tiles: readonly TilePlace[]
}> {
  const seals = await sql<{ seq: string; record_id: string }[]>`
    select s.seq, s.record_id from seals s where s.seq > (select h.size from seal_head h where h.one)
    order by s.seq limit ${limit}`
  const tiles = await sql<{ level: number; index: string }[]>`
    select t.level, t.index from tree_tiles t, seal_head h
    where h.one and t.index >= div(h.size, ${String(TILE_WIDTH)}::numeric ^ (t.level + 1)) order by t.level, t.index limit ${limit}`
  return {
    seals: seals.map(({ seq, record_id }) => ({ seq: Number(seq), id: idOf('rec', record_id) })),
    tiles: tiles.map(({ level, index }) => ({ level, index: Number(index) })),
  }
}
