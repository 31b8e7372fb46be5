import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** Who a statement is for, by code and name. */
export async function selectPartnerName(
  sql: Reader,
  partner: Id<'ptr'>,
): Promise<{ readonly code: string; readonly name: string } | undefined> {
  const [row] = await sql<{ code: string; name: string }[]>`
    select n.code, n.name from partner_names n where n.partner_id = ${uuidOf(partner)}`
  return row
}
