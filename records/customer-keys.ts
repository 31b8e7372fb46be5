import { randomBytes } from 'node:crypto'
import type { Reader, Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { decrypt, encrypt } from './encryption.ts'
import { eraseKey, holdWrappedKeys, insertWrappedKeys, selectWrappedKeys } from './store/customer-keys.ts'

const KEY_BYTES = 32

/** Keys of customers, by id. They are never kept beyond the call: an erased customer's must not live on in memory. */
export type CustomerKeys = ReadonlyMap<Id<'cus'>, Buffer>

/**
 * The keys under which what is personal of these customers is written, made for those who have none yet. None of them is
 * destroyed before the transaction ends.
 * Throws `WRONG_STATE` when one of them was erased.
 */
export async function keysForWriting(
  context: Context,
  tx: Transaction,
  customers: ReadonlySet<Id<'cus'>>,
): Promise<CustomerKeys> {
  const asked = [...customers].sort()
  if (asked.length === 0) return new Map()
  const known = await holdWrappedKeys(tx, asked)
  const met = new Set(known.map(({ customer }) => customer))
  const missing = asked.filter((customer) => !met.has(customer))
  if (missing.length > 0)
    await insertWrappedKeys(
      tx,
      missing.map((customer) => newKey(context, customer)),
    )
  // read again in a statement of its own: another transaction's key, if it came first, is the one that holds
  const keys = missing.length === 0 ? known : await holdWrappedKeys(tx, asked)
  if (keys.some(({ wrapped }) => wrapped === undefined)) {
    throw new Fault('WRONG_STATE', 'a customer who was erased gets no new personal records')
  }
  return unwrap(context, keys)
}

/** The keys of those of these customers who have one; the erased have none. */
export async function keysForReading(
  context: Context,
  sql: Reader,
  customers: ReadonlySet<Id<'cus'>>,
): Promise<CustomerKeys> {
  return customers.size === 0 ? new Map() : unwrap(context, await selectWrappedKeys(sql, [...customers]))
}

/** Destroys a customer's key: what is personal in the log can be read by nobody any more. Writers are waited for. */
export async function destroyKey(tx: Transaction, customer: Id<'cus'>, at: Date): Promise<void> {
  await eraseKey(tx, customer, at)
}

function newKey(context: Context, customer: Id<'cus'>): { readonly customer: Id<'cus'>; readonly wrapped: Buffer } {
  return { customer, wrapped: encrypt(wrappingKey(context), placeOf(customer), randomBytes(KEY_BYTES)) }
}

function unwrap(
  context: Context,
  keys: readonly { readonly customer: Id<'cus'>; readonly wrapped: Buffer | undefined }[],
): CustomerKeys {
  const wrapping = wrappingKey(context)
  const open = new Map<Id<'cus'>, Buffer>()
  for (const { customer, wrapped } of keys) {
    if (wrapped !== undefined) open.set(customer, decrypt(wrapping, placeOf(customer), wrapped))
  }
  return open
}

function wrappingKey(context: Context): Buffer {
  return context.keyring.key('customer-keys')
}

function placeOf(customer: Id<'cus'>): string {
  return `customer_keys.wrapped:1:${customer}`
}
