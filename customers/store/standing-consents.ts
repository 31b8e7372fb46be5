import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** Those of the consents that are the partner's, authorised and not over now. */
export async function selectStandingOf(
  sql: Reader,
  { partner, consents }: { readonly partner: Id<'ptr'>; readonly consents: readonly Id<'cns'>[] },
): Promise<ReadonlySet<Id<'cns'>>> {
  const rows = await sql<{ id: string }[]>`
    select id from consents
    where id = any (${consents.map(uuidOf)}::text[]::uuid[]) and partner_id = ${uuidOf(partner)}
      and status = 'AUTHORISED' and expires_at > clock_timestamp()`
  return new Set(rows.map(({ id }) => idOf('cns', id)))
}
