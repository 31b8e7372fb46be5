import { eq } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { customers } from '../tables.ts'

export type Customer = { readonly id: Id<'cus'>; readonly synthetic: boolean }

/** The customer with an account key. Throws `NOT_FOUND`, without repeating the key. */
export async function requireCustomer(sql: Reader, accountKey: string): Promise<Customer> {
  const known = !accountKey.includes('\u0000')
  const [row] = known
    ? await orm(sql)
        .select({ id: customers.id, synthetic: customers.synthetic })
        .from(customers)
        .where(eq(customers.accountKey, accountKey))
    : []
  if (!row) throw new Fault('NOT_FOUND', 'there is no customer with this account')
  return { id: idOf('cus', row.id), synthetic: row.synthetic }
}

/**
 * Holds a customer's row until the transaction ends: `key share` beside others who write for the customer, `no key update` beside these but one at a time, `update` alone.
 * Every transaction that writes for one takes it first, so that none waits for another in a circle.
 */
export async function holdCustomer(
  tx: Transaction,
  id: Id<'cus'>,
  strength: 'key share' | 'no key update' | 'update',
): Promise<void> {
  await orm(tx)
    .select({ id: customers.id })
    .from(customers)
    .where(eq(customers.id, uuidOf(id)))
    .for(strength)
}

/** The same beside others, for several customers, whose ids ascend. */
export async function holdCustomers(tx: Transaction, ids: readonly Id<'cus'>[]): Promise<void> {
  await tx`
    select from customers where id = any (${ids.map(uuidOf)}::text[]::uuid[]) order by id for key share`
}

/** Waits for imports of customers, and holds them off until the transaction ends. */
export async function holdForErasure(tx: Transaction): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('customers:erasure', 0))`
}

/** Waits for erasures, and holds them off until the transaction ends, beside other imports. */
export async function holdOffErasure(tx: Transaction): Promise<void> {
  await tx`select pg_advisory_xact_lock_shared(hashtextextended('customers:erasure', 0))`
}

/** Puts a placeholder where the account key of an erased customer stood. */
export async function renameCustomer(tx: Transaction, id: Id<'cus'>, accountKey: string): Promise<void> {
  await orm(tx)
    .update(customers)
    .set({ accountKey })
    .where(eq(customers.id, uuidOf(id)))
}
