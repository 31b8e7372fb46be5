import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import type { SealedValue, TagPlace } from '../tag-keys.ts'
import { behindPlace, type PlaceRow, placeOfRow, supplierUuid } from './tag-place.ts'

/** A value that is plain, or sealed under a key before the current one. */
export type OutdatedTag = { readonly place: TagPlace; readonly kept: string | SealedValue }

type OutdatedRow = PlaceRow & {
  readonly value: string | null
  readonly sealed: Buffer | null
  readonly key_version: number | null
}

/** How many values are to be sealed under a version. */
export async function countOutdated(sql: Reader, version: number): Promise<number> {
  const [row] = await sql<{ count: string }[]>`select count(*) from tags t where ${outdated(sql, version)}`
  return Number(row?.count ?? 0)
}

/**
 * Some of them behind a place, by customer and tag, held until the transaction ends. Those that somebody else is writing are
 * passed over: nobody is waited for, and so nobody waits in a circle.
 */
export async function holdOutdated(
  tx: Transaction,
  {
    version,
    behind,
    limit,
  }: { readonly version: number; readonly behind: TagPlace | undefined; readonly limit: number },
): Promise<readonly OutdatedTag[]> {
  const rows = await tx<OutdatedRow[]>`
    select t.customer_id, t.tag_key, t.supplier_id, t.value, t.sealed, t.key_version from tags t
    where ${outdated(tx, version)} ${behindPlace(tx, behind)}
    order by t.customer_id, t.tag_key, t.supplier_id limit ${limit} for no key update skip locked`
  return rows.map(({ value, sealed, key_version, ...row }) => ({
    place: placeOfRow(row),
    kept: sealed === null ? (value ?? '') : { sealed, keyVersion: key_version ?? 0 },
  }))
}

/** Puts sealed values in the place of what stands there. */
export async function resealTags(tx: Transaction, tags: readonly (TagPlace & SealedValue)[]): Promise<void> {
  await tx`
    update tags t set value = null, sealed = decode(n.sealed, 'base64'), key_version = n.key_version
    from unnest(
      ${tags.map(({ customer }) => uuidOf(customer))}::text[]::uuid[], ${tags.map(({ key }) => key)}::text[],
      ${tags.map(supplierUuid)}::text[]::uuid[],
      ${tags.map(({ sealed }) => sealed.toString('base64'))}::text[], ${tags.map(({ keyVersion }) => keyVersion)}::integer[]
    ) as n (customer_id, tag_key, supplier_id, sealed, key_version)
    where t.customer_id = n.customer_id and t.tag_key = n.tag_key and t.supplier_id = n.supplier_id`
}

function outdated(sql: Reader, version: number): Fragment {
  return sql`t.tag_key = any (array(select d.key from tag_definitions d where d.sensitivity = 'HIGH'))
    and (t.key_version is null or t.key_version < ${version})`
}
