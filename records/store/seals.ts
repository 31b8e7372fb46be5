import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Edge, Tile, TilePlace, Tree } from '../merkle/tiles.ts'

/** Where the sealer stands: the tree, and the last record in it, in the log's order. */
export type SealHead = {
  readonly tree: Tree
  readonly txId: string
  readonly recordId: string
  /** The last record was written by a transaction that this server has not begun yet: another server's. */
  readonly foreign: boolean
}

type HeadRow = { size: string; edge: string[]; tx_id: string; record_id: string; foreign: boolean }

/**
 * Takes the sealer's turn until the transaction ends, and reads where it stands: two statements, because one that waited
 * for the lock still sees the transactions that ran before it waited, and would take the head for another server's.
 */
export async function takeSealTurn(tx: Transaction): Promise<SealHead> {
  await tx`select from seal_head where one for update`
  const head = await selectSealHead(tx)
  invariant(head, 'the sealer’s head is there')
  return head
}

/** Where the sealer stands, without taking its turn. */
export async function selectSealHead(sql: Reader): Promise<SealHead | undefined> {
  const [row] = await sql<HeadRow[]>`select ${headColumns(sql)} from seal_head where one`
  return row && headOf(row)
}

/** The tree as it stands. */
export async function selectTree(sql: Reader): Promise<Tree> {
  const head = await selectSealHead(sql)
  invariant(head, 'the sealer’s head is there')
  return head.tree
}

function headColumns(sql: Reader) {
  return sql`
    size, tx_id::text as tx_id, record_id, tx_id >= (select pg_snapshot_xmax(log_snapshot())) as foreign,
    array(select encode(hashes, 'hex') from unnest(edge) with ordinality as e (hashes, n) order by n) as edge`
}

function headOf({ size, edge, tx_id, record_id, foreign }: HeadRow): SealHead {
  const tree = { size: Number(size), edge: edge.map((hashes) => Buffer.from(hashes, 'hex')) }
  return { tree, txId: tx_id, recordId: record_id, foreign }
}

/** Records that were given their places: their commitments one after the other, and the last of them. */
export type SealedBatch = {
  readonly count: number
  readonly commitments: Buffer
  readonly txId: string
  readonly recordId: string
}

/**
 * Gives the next records their places behind the head; `undefined` when there are none. It takes those that are older
 * than every transaction which still runs: none can come in before them any more. Its snapshot must be younger than
 * the turn, so it is a statement of its own. `r.tx_id` is written with its table everywhere: an output column of the
 * same name would be what ORDER BY sorts.
 */
export async function sealBehind(tx: Transaction, head: SealHead, limit: number): Promise<SealedBatch | undefined> {
  const [row] = await tx<{ count: number; commitments: Buffer | null; tx_id: string; record_id: string }[]>`
    with due as materialized (
      select r.tx_id, r.id, sha256(r.salt || convert_to(r.body, 'UTF8')) as commitment,
             row_number() over (order by r.tx_id, r.id) as place
      from (
        select r.tx_id, r.id, r.salt, r.body from records r
        where (r.tx_id, r.id) > (${head.txId}::xid8, ${head.recordId}::uuid)
          and r.tx_id < (select pg_snapshot_xmin(log_snapshot()))
        order by r.tx_id, r.id limit ${limit}
      ) as r
    ), sealed as (
      insert into seals (seq, record_id, commitment)
      select ${head.tree.size}::bigint + place, id, commitment from due order by place
    ), last as (
      select tx_id::text as tx_id, id as record_id from due order by place desc limit 1
    )
    select count(*)::int as count, string_agg(due.commitment, ''::bytea order by due.place) as commitments,
           (select tx_id from last) as tx_id, (select record_id from last) as record_id
    from due`
  if (!row?.commitments) return undefined
  return { count: row.count, commitments: row.commitments, txId: row.tx_id, recordId: row.record_id }
}

/** Moves the head behind a batch, and keeps the tiles that it filled. */
export async function advanceHead(
  tx: Transaction,
  batch: SealedBatch,
  { tree, full }: { readonly tree: Tree; readonly full: readonly Tile[] },
): Promise<void> {
  if (full.length > 0) await insertTiles(tx, full)
  await tx`
    update seal_head set size = ${tree.size}::bigint, tx_id = ${batch.txId}::xid8, record_id = ${batch.recordId}::uuid,
      edge = array(select decode(hashes, 'hex') from unnest(${hexOf(tree.edge)}::text[]) with ordinality as e (hashes, n)
                   order by n)
    where one`
}

async function insertTiles(tx: Transaction, full: readonly Tile[]): Promise<void> {
  await tx`
    insert into tree_tiles (level, index, hashes)
    select level::smallint, index::bigint, decode(hashes, 'hex')
    from unnest(${full.map(({ level }) => String(level))}::text[], ${full.map(({ index }) => String(index))}::text[],
                ${hexOf(full.map(({ hashes }) => hashes))}::text[]) as t (level, index, hashes)`
}

function hexOf(hashes: Edge): readonly string[] {
  return hashes.map((each) => each.toString('hex'))
}

/** Full tiles of the tree, in any order. */
export async function selectTiles(sql: Reader, places: readonly TilePlace[]): Promise<readonly Tile[]> {
  if (places.length === 0) return []
  const rows = await sql<{ level: number; index: string; hashes: Buffer }[]>`
    select t.level, t.index, t.hashes from tree_tiles t
    join unnest(${places.map(({ level }) => String(level))}::text[], ${places.map(({ index }) => String(index))}::text[])
      as p (level, index) on t.level = p.level::smallint and t.index = p.index::bigint`
  return rows.map(({ level, index, hashes }) => ({ level, index: Number(index), hashes }))
}

/** A record's place in the log, from 1, and its commitment; `undefined` when it is not sealed. */
export async function selectSeal(
  sql: Reader,
  record: Id<'rec'>,
): Promise<{ readonly seq: number; readonly commitment: Buffer } | undefined> {
  const [row] = await sql<{ seq: string; commitment: Buffer }[]>`
    select seq, commitment from seals where record_id = ${uuidOf(record)}::uuid`
  return row && { seq: Number(row.seq), commitment: row.commitment }
}
