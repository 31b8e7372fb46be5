import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** A statement's number; with a partner, of those of its own. */
export type Numbered = { readonly number: string; readonly partner: Id<'ptr'> | undefined }

/**
 * Issued statements with a number, up to two: it begins with its programme's code, and two programmes could have made the
 * same one (`a-b` of `c`, `a` of `b-c`).
 */
export async function selectNumbered(sql: Reader, { number, partner }: Numbered): Promise<readonly Id<'sta'>[]> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const rows = await sql<{ id: string }[]>`
    select s.id from programmes p
    join statements s on s.programme_id = p.id and s.number = ${number} and s.status <> 'SUPERSEDED'
    where starts_with(${number}, p.code || '-') and s.issued_at is not null
      and (${owner}::uuid is null or s.partner_id = ${owner}::uuid) order by s.id limit 2`
  return rows.map(({ id }) => idOf('sta', id))
}
