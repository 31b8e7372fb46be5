import type { Reader } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'

/** The partner with this code or id, as its folder publishes it. Throws `NOT_FOUND`. */
export async function requirePartner(sql: Reader, named: string): Promise<Id<'ptr'>> {
  const id = isId('ptr', named) ? uuidOf(named) : null
  const [row] = await sql<{ partner_id: string }[]>`
    select partner_id from partner_duties where partner_id = ${id}::uuid or (${id}::uuid is null and code = ${named})`
  if (row !== undefined) return idOf('ptr', row.partner_id)
  throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(named.slice(0, 60))}`, { field: 'partner' })
}
