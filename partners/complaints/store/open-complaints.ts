import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { OpenThing } from '../../../kernel/open-thing.ts'

/** Complaints about a partner that nobody has decided. */
export async function findOpenComplaints(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  const rows = await sql<{ id: string; count: number }[]>`
    select id, count(*) over ()::int as count from complaints
    where partner_id = ${uuidOf(partner)} and status in ('RECEIVED', 'WORKING') order by id limit 10`
  return { count: rows[0]?.count ?? 0, examples: rows.map(({ id }) => idOf('cpl', id)) }
}
