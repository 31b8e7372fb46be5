import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { appendEntries, EMPTY_TREE } from '../../records/merkle/tiles.ts'
import { signCheckpoint } from '../../records/sign-checkpoint.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { appendSome, sealAll } from './sealed-log.ts'

export const ORIGIN = 'log.example'

/** The log's tables, and their keys. */
const TABLES = {
  records: 'id',
  seals: 'seq',
  tree_tiles: 'level, index',
  seal_head: 'one',
  checkpoints: 'size',
  log_keys: 'name',
}

const AT_ONCE = 5000

/** A signed log, and how it was before anybody tampered with it. */
export type KeptLog = {
  /** In the order of their places. */
  readonly ids: readonly Id<'rec'>[]
  /** A signed checkpoint of each size. */
  readonly notes: readonly string[]
}

/** Writes a log, seals it and signs for it at each of the sizes; then keeps a copy of its tables. */
export async function keepLog(context: Context, owner: Pool, sizes: readonly number[]): Promise<KeptLog> {
  const ids: Id<'rec'>[] = []
  const notes: string[] = []
  for (const size of sizes) {
    while (ids.length < size) ids.push(...(await appendSome(context, Math.min(AT_ONCE, size - ids.length))))
    await sealAll(context, owner)
    notes.push((await signCheckpoint(context, { origin: ORIGIN })).note)
  }
  for (const table of Object.keys(TABLES)) await owner.unsafe(`create table kept_${table} as table ${table}`)
  await owner`create table kept_since as select pg_current_xact_id()::text::bigint as xid`
  await owner`analyze`
  return { ids, notes }
}

/**
 * Puts back what was tampered with: in the tables that these statements name, or in all. Rows that were written since the log was
 * kept, or put back last, are known by their transaction; rows that are gone by their keys.
 */
export async function restoreLog(owner: Pool, statements: readonly string[] = Object.keys(TABLES)): Promise<void> {
  const named = Object.entries(TABLES).filter(([table]) => statements.some((sql) => sql.includes(table)))
  await behindGuards(
    owner,
    ...named.flatMap(([table, key]) => [
      `delete from ${table} where xmin::text::bigint > (select xid from kept_since)`,
      `insert into ${table} select * from kept_${table} where (${key}) not in (select ${key} from ${table})`,
    ]),
    'update kept_since set xid = pg_current_xact_id()::text::bigint',
  )
}

/** What somebody who owns the database can do: compute the tree anew over the seals, and set the head behind them. */
export async function rebuildTree(owner: Pool): Promise<void> {
  const rows = await owner<{ commitment: Buffer; id: string; tx: string }[]>`
    select s.commitment, r.id, r.tx_id::text as tx from seals s join records r on r.id = s.record_id order by s.seq`
  const { tree, full } = appendEntries(EMPTY_TREE, Buffer.concat(rows.map(({ commitment }) => commitment)))
  const hex = (hashes: Buffer): string => `decode('${hashes.toString('hex')}', 'hex')`
  const last = rows.at(-1)
  await behindGuards(
    owner,
    'delete from tree_tiles',
    ...full.map(({ level, index, hashes }) => `insert into tree_tiles values (${level}, ${index}, ${hex(hashes)})`),
    `update seal_head set size = ${tree.size}, edge = array[${tree.edge.map(hex).join()}], record_id = '${last?.id}', tx_id = '${last?.tx}'`,
  )
}

/** SQL that changes a record together with its seal. */
export function rewriteAt(place: number): readonly string[] {
  return [
    `update records set body = replace(body, '"n":"', '"n":"9') where id = (select record_id from seals where seq = ${place})`,
    `update seals set commitment = (select sha256(r.salt || convert_to(r.body, 'UTF8')) from records r where r.id = record_id) where seq = ${place}`,
  ]
}

/** SQL that puts in a copy of a record, under a new id and with other columns if they are given. */
export function insertCopy(of: Id<'rec'>, { txId = 'tx_id' } = {}): { readonly id: Id<'rec'>; readonly sql: string } {
  const id = newId('rec')
  const columns = 'kind, body, salt, partner_id, recorded_at'
  return {
    id,
    sql: `insert into records (id, tx_id, ${columns}) select '${uuidOf(id)}', ${txId}, ${columns} from records where id = '${uuidOf(of)}'`,
  }
}
