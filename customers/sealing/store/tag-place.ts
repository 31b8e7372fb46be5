import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { TagPlace } from '../tag-keys.ts'

/** Stands where the broker's own value has no supplier: a key of a table has no nulls. */
const NOBODY = '00000000000000000000000000000000'

/** The columns by which a value is found. */
export type PlaceRow = { readonly customer_id: string; readonly tag_key: string; readonly supplier_id: string }

export function placeOfRow({ customer_id, tag_key: key, supplier_id }: PlaceRow): TagPlace {
  const customer = idOf('cus', customer_id)
  const supplier = supplierOf(supplier_id)
  return supplier === undefined ? { customer, key } : { customer, key, supplier }
}

/** Who supplied a value, unless it is the broker's own. */
function supplierOf(uuid: string): Id<'ptr'> | undefined {
  const id = idOf('ptr', uuid)
  return uuidOf(id) === NOBODY ? undefined : id
}

export function supplierUuid({ supplier }: TagPlace): string {
  return supplier === undefined ? NOBODY : uuidOf(supplier)
}

/** The rows of `t` behind a place, in the order of the key. */
export function behindPlace(sql: Reader, behind: TagPlace | undefined): Fragment {
  if (behind === undefined) return sql``
  const { customer, key } = behind
  return sql`and (t.customer_id, t.tag_key, t.supplier_id)
    > (${uuidOf(customer)}::uuid, ${key}, ${supplierUuid(behind)}::uuid)`
}
