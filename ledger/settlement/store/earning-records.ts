import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** Those of the records that hold what rules gave and are in the log. */
export async function selectKnownEarnings(sql: Reader, records: readonly Id<'rec'>[]): Promise<ReadonlySet<Id<'rec'>>> {
  if (records.length === 0) return new Set()
  const rows = await sql<{ id: string }[]>`
    select r.id from records r where r.id = any(${records.map(uuidOf)}::uuid[]) and r.kind = 'earning'`
  return new Set(rows.map(({ id }) => idOf('rec', id)))
}

/** Their bodies, in the order given. */
export async function selectEarningBodies(sql: Reader, records: readonly Id<'rec'>[]): Promise<readonly string[]> {
  const rows = await sql<{ body: string }[]>`
    select r.body from unnest(${records.map(uuidOf)}::uuid[]) with ordinality as q (id, place)
    join records r on r.id = q.id and r.kind = 'earning' order by q.place`
  return rows.map(({ body }) => body)
}
