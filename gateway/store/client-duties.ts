import type { Reader } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/** Whether tokens of a client are good, those that are bound to certificates, at the moment of the statement. */
export async function takesCertificate(sql: Reader, client: Id<'cli'>): Promise<boolean> {
  const rows = await sql`
    select from client_duties d where d.client_id = ${uuidOf(client)} and d.tokens and d.binding = 'MTLS'`
  return rows.length > 0
}
