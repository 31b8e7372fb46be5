import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** A customer's key as it is kept; `undefined` once the customer was erased. */
export type WrappedKey = { readonly customer: Id<'cus'>; readonly wrapped: Buffer | undefined }

type KeyRow = { readonly customer_id: string; readonly wrapped: Buffer | null }

/**
 * The same, each held until the transaction ends beside others who write: the key is not destroyed before that. Who waited
 * for a key to be destroyed reads that it is gone.
 */
export async function holdWrappedKeys(
  tx: Transaction,
  customers: readonly Id<'cus'>[],
): Promise<readonly WrappedKey[]> {
  const rows = await tx<KeyRow[]>`
    select customer_id, wrapped from customer_keys
    where customer_id = any(${customers.map(uuidOf)}::text[]::uuid[]) order by customer_id for share`
  return rows.map(keyOf)
}

/** Destroys a key for good. */
export async function eraseKey(tx: Transaction, customer: Id<'cus'>, at: Date): Promise<void> {
  await tx`
    update customer_keys set wrapped = null, erased_at = ${at.toISOString()}::timestamptz
    where customer_id = ${uuidOf(customer)}`
}

/** The wrapped keys of those customers who have a row. */
export async function selectWrappedKeys(sql: Reader, customers: readonly Id<'cus'>[]): Promise<readonly WrappedKey[]> {
  const rows = await sql<KeyRow[]>`
    select customer_id, wrapped from customer_keys
    where customer_id = any(${customers.map(uuidOf)}::text[]::uuid[]) order by customer_id`
  return rows.map(keyOf)
}

function keyOf({ customer_id, wrapped }: KeyRow): WrappedKey {
  return { customer: idOf('cus', customer_id), wrapped: wrapped ?? undefined }
}

/** The same, and when it was made and erased. */
export type KeptKey = WrappedKey & { readonly at: Date; readonly erasedAt: Date | undefined }

/** Rows behind a customer's, by customer; from the first one without. */
export async function selectKeysBehind(
  sql: Reader,
  behind: Id<'cus'> | undefined,
  limit: number,
): Promise<readonly KeptKey[]> {
  const rows = await sql<{ customer_id: string; wrapped: Buffer | null; created_at: Date; erased_at: Date | null }[]>`
    select customer_id, wrapped, created_at, erased_at from customer_keys
    where customer_id > ${behind === undefined ? NOBODY : uuidOf(behind)}::uuid order by customer_id limit ${limit}`
  return rows.map(({ customer_id, wrapped, created_at, erased_at }) => ({
    customer: idOf('cus', customer_id),
    wrapped: wrapped ?? undefined,
    at: created_at,
    erasedAt: erased_at ?? undefined,
  }))
}

/** Adds rows as they were kept elsewhere; those that are here stay as they are. */
export async function keepKeys(tx: Transaction, keys: readonly KeptKey[]): Promise<void> {
  const inOrder = keys.toSorted((a, b) => (a.customer < b.customer ? -1 : 1))
  await tx`
    insert into customer_keys (customer_id, wrapped, created_at, erased_at)
    select customer::uuid, decode(wrapped, 'hex'), created_at::timestamptz, erased_at::timestamptz
    from unnest(${inOrder.map(({ customer }) => uuidOf(customer))}::text[],
                ${inOrder.map(({ wrapped }) => wrapped?.toString('hex') ?? null)}::text[],
                ${inOrder.map(({ at }) => at.toISOString())}::text[],
                ${inOrder.map(({ erasedAt }) => erasedAt?.toISOString() ?? null)}::text[])
      as k (customer, wrapped, created_at, erased_at)
    on conflict (customer_id) do nothing`
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
