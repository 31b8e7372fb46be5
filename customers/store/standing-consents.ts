import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** Those of the consents that are the partner's, authorised and not over now. */
export async function selectStandingOf(
  sql: Reader,
  { partner, consents }: { readonly partner: Id<'ptr'>; readonly consents: readonly Id<'cns'>[] },
): Promise<ReadonlySet<Id<'cns'>>> {
  const rows = await sql<{ id: string }[]>`
    select c.id from consents c
    join partner_borders b on b.partner_id = c.partner_id and (not b.abroad or b.jurisdiction = c.cross_border)
    where c.id = any (${consents.map(uuidOf)}::text[]::uuid[]) and c.partner_id = ${uuidOf(partner)}
      and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp()`
  return new Set(rows.map(({ id }) => idOf('cns', id)))
}
