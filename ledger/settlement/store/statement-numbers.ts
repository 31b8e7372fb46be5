import type { Reader } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'

/**
 * Issued statements with a number, up to two: it begins with its programme's code, and two programmes could have made the
 * same one (`a-b` of `c`, `a` of `b-c`).
 */
export async function selectNumbered(sql: Reader, number: string): Promise<readonly Id<'sta'>[]> {
  const rows = await sql<{ id: string }[]>`
    select s.id from programmes p
    join statements s on s.programme_id = p.id and s.number = ${number} and s.status <> 'SUPERSEDED'
    where starts_with(${number}, p.code || '-') and s.issued_at is not null order by s.id limit 2`
  return rows.map(({ id }) => idOf('sta', id))
}
