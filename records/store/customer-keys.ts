import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A customer's key as it is kept; `undefined` once the customer was erased. */
export type WrappedKey = { readonly customer: Id<'cus'>; readonly wrapped: Buffer | undefined }

/** The wrapped keys of those customers who have a row. */
export async function selectWrappedKeys(sql: Reader, customers: readonly Id<'cus'>[]): Promise<readonly WrappedKey[]> {
  const rows = await sql<{ customer_id: string; wrapped: Buffer | null }[]>`
    select customer_id, wrapped from customer_keys
    where customer_id = any(${customers.map(uuidOf)}::text[]::uuid[]) order by customer_id`
  return rows.map(({ customer_id, wrapped }) => ({ customer: idOf('cus', customer_id), wrapped: wrapped ?? undefined }))
}

/**
 * Adds keys of customers who have none; one that another transaction adds at the same moment is waited for and kept.
 * Rows are inserted in the order given: every caller sorts them, so that two cannot wait for each other.
 */
export async function insertWrappedKeys(
  tx: Transaction,
  keys: readonly { readonly customer: Id<'cus'>; readonly wrapped: Buffer }[],
): Promise<void> {
  await tx`
    insert into customer_keys (customer_id, wrapped)
    select customer::uuid, decode(wrapped, 'hex')
    from unnest(${keys.map(({ customer }) => uuidOf(customer))}::text[],
                ${keys.map(({ wrapped }) => wrapped.toString('hex'))}::text[]) as k (customer, wrapped)
    on conflict on constraint customer_keys_pkey do nothing`
}
