import type { Readable } from 'node:stream'
import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { TILE_WIDTH } from '../merkle/tiles.ts'
import type { OrderKey, Places } from './sealed-records.ts'

/**
 * Parts of the log as bytes of PostgreSQL's binary COPY: they cost a fraction of what rows cost, in which bytes travel as
 * hexadecimal digits. Each stream must be read to its end.
 */

/** Columns of {@link copySeals}: all in one row. */
export const SEALS_COLUMNS = ['after', 'upTo', 'sealed'] as const

/**
 * What is sealed in places: `sealed` has, for each place that there is, in order, its number (8 bytes), its record's id (16)
 * and the commitment (32). `after` and `upTo` are where the records of the places `from` and `to` stand in the log's
 * order, the transaction and the id with a space between; null when there is no such record.
 */
export async function copySeals(tx: Transaction, { from, to }: Places): Promise<Readable> {
  const key = (place: number) => `
    (select r.tx_id::text || ' ' || r.id::text from seals s join records r on r.id = s.record_id
     where s.seq = ${whole(place)} limit 1)`
  // what is put together comes in the order of the subquery
  return copyOut(
    tx,
    `select ${key(from)}, ${key(to)}, string_agg(int8send(s.seq) || uuid_send(s.record_id) || s.commitment, ''::bytea)
     from (select seq, record_id, commitment from seals where seq > ${whole(from)} and seq <= ${whole(to)} order by seq) as s`,
  )
}

/** Columns of {@link copyRecords}. */
export const RECORD_COLUMNS = ['id', 'kind', 'salt', 'body', 'at', 'partner'] as const

/** The records behind one in the log's order, up to another. */
export async function copyRecords(
  tx: Transaction,
  { after, upTo }: { readonly after: OrderKey; readonly upTo: OrderKey },
): Promise<Readable> {
  return copyOut(
    tx,
    `select r.id, r.kind, r.salt, r.body, r.recorded_at, r.partner_id from records r
     where (r.tx_id, r.id) > ${literalOf(after)} and (r.tx_id, r.id) <= ${literalOf(upTo)} order by r.tx_id, r.id`,
  )
}

/** Columns of {@link copyLeaves}. */
export const LEAVES_COLUMNS = ['index', 'hashes'] as const

/** The full tiles of leaves over places. */
export async function copyLeaves(tx: Transaction, { from, to }: Places): Promise<Readable> {
  return copyOut(
    tx,
    `select t.index, t.hashes from tree_tiles t
     where t.level = 0 and t.index >= ${whole(from / TILE_WIDTH)} and t.index < ${whole(to / TILE_WIDTH)} order by t.index`,
  )
}

/** Has the rest of the transaction read in the order of an index, rather than read whole tables and sort them. */
export async function readByIndex(tx: Transaction): Promise<void> {
  await tx`
    select set_config(name, value, true)
    from (values ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_sort', 'off'),
                 ('max_parallel_workers_per_gather', '0')) as s (name, value)`
}

async function copyOut(tx: Transaction, query: string): Promise<Readable> {
  const stream = await tx.unsafe<never[]>(`copy (${query}) to stdout (format binary)`).readable()
  // the driver pauses its socket for a slow reader, and would not go on for what comes behind the last row
  return stream.once('end', () => stream._read(0))
}

/** COPY takes no parameters, so they are written as literals that can be nothing else. */
function whole(value: number): string {
  return String(Math.trunc(value))
}

function literalOf({ txId, recordId }: OrderKey): string {
  invariant(/^\d+$/.test(txId) && /^[0-9a-f-]{36}$/.test(recordId), 'a place in the order is a number and a UUID')
  return `('${txId}'::xid8, '${recordId}'::uuid)`
}
