import type { Reader } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'

/** A sealed record as it leaves: hashes and salt in hexadecimal. */
export type ExportedRecord = {
  readonly seq: number
  readonly id: Id<'rec'>
  readonly tx: string
  readonly commitment: string
  readonly salt: string
  readonly body: string
}

/** The records in the places behind `from` up to `to`, in order; one that is missing is left out. */
export async function selectExported(
  sql: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly ExportedRecord[]> {
  const rows = await sql<{ seq: string; id: string; tx: string; commitment: string; salt: string; body: string }[]>`
    select s.seq, r.id, r.tx_id::text as tx, encode(s.commitment, 'hex') as commitment, encode(r.salt, 'hex') as salt, r.body
    from seals s join records r on r.id = s.record_id
    where s.seq > ${from}::bigint and s.seq <= ${to}::bigint order by s.seq`
  return rows.map(({ seq, id, ...row }) => ({ ...row, seq: Number(seq), id: idOf('rec', id) }))
}

/** An id behind those of all transactions that this server has begun, in the log's order. */
export async function selectNextTransaction(sql: Reader): Promise<string> {
  const [row] = await sql<{ next: string }[]>`select pg_snapshot_xmax(log_snapshot())::text as next`
  return row?.next ?? '0'
}
