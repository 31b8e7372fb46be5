import type { Transaction } from '../database/client.ts'
import type { Id } from '../kernel/ids.ts'
import type { CustomersPort } from '../records/replay/take-keys.ts'
import { insertKnownCustomers, type KnownCustomer } from './store/known-customers.ts'

/** The part of this folder in a replay. */
export const customersPort: CustomersPort = {
  keep: (tx, customers) =>
    insertKnownCustomers(
      tx,
      customers.map(({ customer: id, accountKey, synthetic, at, erased }) => ({
        id,
        accountKey: erased ? placeholderOf(id) : accountKey,
        synthetic,
        at: new Date(at),
      })),
    ),
  ensure: ensureCustomers,
}

/** Stands where the account key of an erased customer stood; no account key of a broker's looks like it. */
export function placeholderOf(customer: Id<'cus'>): string {
  return `erased:${customer}`
}

async function ensureCustomers(tx: Transaction, ids: readonly Id<'cus'>[]): Promise<void> {
  const at = new Date(0)
  const customers: readonly KnownCustomer[] = ids.map((id) => ({
    id,
    accountKey: placeholderOf(id),
    synthetic: false,
    at,
  }))
  await insertKnownCustomers(tx, customers)
}
