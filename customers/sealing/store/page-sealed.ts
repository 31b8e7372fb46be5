import type { Reader } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import type { SealedValue, TagPlace, WrappedTagKey } from '../tag-keys.ts'
import { type TagKeyRow, tagKeysJson, wrappedKeysOf } from './tag-keys.ts'

type SealedRow = {
  readonly customer_id: string
  readonly key: string
  readonly sealed: Buffer
  readonly keyVersion: number
  readonly keys: readonly TagKeyRow[] | null
}

/** How many values are sealed. */
export async function countSealed(sql: Reader): Promise<number> {
  const [row] = await sql<{ count: string }[]>`select count(*) from tags where sealed is not null`
  return Number(row?.count ?? 0)
}

/** Sealed values behind a place, by customer and tag, and the keys of the same snapshot. */
export async function pageSealed(
  sql: Reader,
  behind: TagPlace | undefined,
  limit: number,
): Promise<{ readonly values: readonly (TagPlace & SealedValue)[]; readonly wrapped: readonly WrappedTagKey[] }> {
  const beyond = behind ? sql`and (customer_id, tag_key) > (${uuidOf(behind.customer)}::uuid, ${behind.key})` : sql``
  const rows = await sql<SealedRow[]>`
    with page as materialized (
      select customer_id, tag_key as key, sealed, key_version as "keyVersion" from tags
      where sealed is not null ${beyond}
      order by customer_id, tag_key limit ${limit}
    )
    select p.*, case when row_number() over () = 1 then ${tagKeysJson(sql)} end as keys
    from page p order by p.customer_id, p.key`
  const values = rows.map(({ customer_id, keys: _, ...row }) => ({ ...row, customer: idOf('cus', customer_id) }))
  return { values, wrapped: wrappedKeysOf(rows.find(({ keys }) => keys !== null)?.keys) }
}
