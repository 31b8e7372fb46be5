import type { Transaction } from '../../database/client.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { MappedCustomer } from '../map-customer.ts'

/** A customer of a batch and the UUID of their row; `clashing` when the row says otherwise whether they are synthetic. */
export type PlacedCustomer = {
  readonly customer: MappedCustomer
  readonly id: string
  readonly standing: 'added' | 'known' | 'clashing'
}

type CustomerRow = { readonly id: string; readonly account_key: string; readonly synthetic: boolean }
type CustomerRows = ReadonlyMap<string, CustomerRow>

/** Finds customers by their account keys, each of which stands once, and adds those who are new. */
export async function addCustomers(
  tx: Transaction,
  customers: readonly MappedCustomer[],
): Promise<readonly PlacedCustomer[]> {
  const known = await selectCustomers(tx, customers)
  const missing = customers.filter(({ accountKey }) => !known.has(accountKey))
  const added = await insertCustomers(tx, missing)
  // whom another transaction added between these two statements
  const late = await selectCustomers(
    tx,
    missing.filter(({ accountKey }) => !added.has(accountKey)),
  )
  const there = new Map([...known, ...late])
  return customers.map((customer) => placeOf(customer, added, there))
}

function placeOf(customer: MappedCustomer, added: CustomerRows, known: CustomerRows): PlacedCustomer {
  const own = added.get(customer.accountKey)
  if (own) return { customer, id: own.id, standing: 'added' }
  const row = known.get(customer.accountKey)
  invariant(row, 'a customer who was not added is known')
  return { customer, id: row.id, standing: row.synthetic === customer.synthetic ? 'known' : 'clashing' }
}

async function selectCustomers(tx: Transaction, customers: readonly MappedCustomer[]): Promise<CustomerRows> {
  if (customers.length === 0) return new Map()
  return byKey(
    await tx<CustomerRow[]>`
      select id, account_key, synthetic from customers
      where account_key = any (string_to_array(${keysOf(customers)}, E'\\n'))`,
  )
}

/**
 * Adds customers, but those whom another transaction is adding: it is waited for, and rows go in by their keys, so that two
 * do not wait for each other. Columns travel as one text each, joined by line breaks, which no key has.
 */
async function insertCustomers(tx: Transaction, customers: readonly MappedCustomer[]): Promise<CustomerRows> {
  if (customers.length === 0) return new Map()
  return byKey(
    await tx<CustomerRow[]>`
      insert into customers (id, account_key, synthetic)
      select id::uuid, account_key, synthetic::boolean
      from unnest(
        string_to_array(${customers.map(() => uuidOf(newId('cus'))).join('\n')}, E'\\n'),
        string_to_array(${keysOf(customers)}, E'\\n'),
        string_to_array(${customers.map(({ synthetic }) => synthetic).join('\n')}, E'\\n')
      ) as c (id, account_key, synthetic)
      order by account_key collate "C"
      on conflict on constraint customers_account_key_key do nothing
      returning id, account_key, synthetic`,
  )
}

function byKey(rows: readonly CustomerRow[]): CustomerRows {
  return new Map(rows.map((row) => [row.account_key, row]))
}

function keysOf(customers: readonly MappedCustomer[]): string {
  return customers.map(({ accountKey }) => accountKey).join('\n')
}
