import type { Reader } from '../../database/client.ts'

/** Committed records behind the sealer's head, and when the first of them in the log's order was recorded. */
export async function selectUnsealed(
  sql: Reader,
): Promise<{ readonly records: number; readonly oldest: Date | undefined }> {
  const [row] = await sql<{ records: string; oldest: Date | null }[]>`
    select count(*) as records, (array_agg(r.recorded_at order by r.tx_id, r.id))[1] as oldest
    from seal_head h join records r on (r.tx_id, r.id) > (h.tx_id, h.record_id) where h.one`
  return { records: Number(row?.records ?? 0), oldest: row?.oldest ?? undefined }
}

/** A transaction that writes, by the name of its connection, and for how many seconds it has been open. */
export type OpenWriter = { readonly name: string; readonly seconds: number }

/** The writing transaction that began first, in any database of the server. */
export async function selectOldestWriter(sql: Reader): Promise<OpenWriter | undefined> {
  const [row] = await sql<OpenWriter[]>`select w.name, greatest(w.seconds, 0) as seconds from oldest_writer() w`
  return row && { name: row.name, seconds: row.seconds }
}
