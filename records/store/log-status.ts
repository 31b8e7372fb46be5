import type { Reader } from '../../database/client.ts'
import type { Tree } from '../merkle/tiles.ts'

/** How the log stands, at one instant and by the database's clock. */
export type LogStanding = {
  readonly tree: Tree
  /** Committed records that are not sealed yet, counted up to the limit. */
  readonly unsealed: number
  /** Age of the first of them in the log's order; `undefined` when there is none. */
  readonly oldestSeconds: number | undefined
  readonly checkpoint: { readonly size: number; readonly seconds: number } | undefined
  /** The transaction that has been writing longest, anywhere on the server. */
  readonly writing: { readonly application: string; readonly database: string; readonly seconds: number } | undefined
}

type Row = {
  size: string
  edge: string[]
  unsealed: number
  oldest: number | null
  signed: string | null
  signed_age: number | null
  application: string | null
  database: string
  writing: number
}

/** One statement, so that its parts agree; `undefined` when the sealer's head is missing. */
export async function selectLogStanding(sql: Reader, limit: number): Promise<LogStanding | undefined> {
  const age = (since: ReturnType<Reader>) => sql`
    greatest(0, extract(epoch from clock_timestamp() - ${since}))::float8`
  const [row] = await sql<Row[]>`
    select h.size, array(select encode(hashes, 'hex') from unnest(h.edge) with ordinality as e (hashes, n) order by n) as edge,
      (select count(*)::int from (
        select from records r where (r.tx_id, r.id) > (h.tx_id, h.record_id) limit ${limit}) as counted) as unsealed,
      (select ${age(sql`r.recorded_at`)} from records r where (r.tx_id, r.id) > (h.tx_id, h.record_id)
       order by r.tx_id, r.id limit 1) as oldest,
      c.size as signed, ${age(sql`c.at`)} as signed_age,
      w.application, w.database, w.seconds as writing
    from seal_head h
    left join lateral (select size, at from checkpoints order by size desc limit 1) as c on true
    left join oldest_writer() w on true
    where h.one`
  return row && standingOf(row)
}

function standingOf(row: Row): LogStanding {
  return {
    tree: { size: Number(row.size), edge: row.edge.map((hashes) => Buffer.from(hashes, 'hex')) },
    unsealed: row.unsealed,
    oldestSeconds: row.oldest ?? undefined,
    checkpoint: row.signed === null ? undefined : { size: Number(row.signed), seconds: row.signed_age ?? 0 },
    writing:
      row.application === null
        ? undefined
        : { application: row.application, database: row.database, seconds: row.writing },
  }
}
