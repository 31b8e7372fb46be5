import type { Reader } from '../../../database/client.ts'
import type { SealedValue, TagPlace, WrappedTagKey } from '../tag-keys.ts'
import { type TagKeyRow, tagKeysJson, wrappedKeysOf } from './tag-keys.ts'
import { behindPlace, type PlaceRow, placeOfRow } from './tag-place.ts'

type SealedRow = PlaceRow & {
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
  const rows = await sql<SealedRow[]>`
    with page as materialized (
      select t.customer_id, t.tag_key, t.supplier_id, t.sealed, t.key_version as "keyVersion" from tags t
      where t.sealed is not null ${behindPlace(sql, behind)}
      order by t.customer_id, t.tag_key, t.supplier_id limit ${limit}
    )
    select p.*, case when row_number() over () = 1 then ${tagKeysJson(sql)} end as keys
    from page p order by p.customer_id, p.tag_key, p.supplier_id`
  const values = rows.map(({ sealed, keyVersion, ...row }) => ({ ...placeOfRow(row), sealed, keyVersion }))
  return { values, wrapped: wrappedKeysOf(rows.find(({ keys }) => keys !== null)?.keys) }
}
