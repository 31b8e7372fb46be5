import type { Reader } from '../../database/client.ts'
import { idOf } from '../../kernel/ids.ts'
import type { SealedValue, TagPlace } from '../sealing/tag-keys.ts'

/** The broker's own sealed values of some customers, by their UUIDs, for some tags. */
export async function selectSealed(
  sql: Reader,
  customers: readonly string[],
  keys: readonly string[],
): Promise<readonly (TagPlace & SealedValue)[]> {
  const rows = await sql<{ customer_id: string; key: string; sealed: Buffer; keyVersion: number }[]>`
    select customer_id, tag_key as key, sealed, key_version as "keyVersion" from tags
    where customer_id = any (${[...customers]}::text[]::uuid[]) and tag_key = any (${[...keys]}::text[])
      and supplier_id = nobody() and sealed is not null`
  return rows.map(({ customer_id, ...row }) => ({ ...row, customer: idOf('cus', customer_id) }))
}
