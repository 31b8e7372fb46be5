import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A customer with the id that records have of them. */
export type KnownCustomer = {
  readonly id: Id<'cus'>
  readonly accountKey: string
  readonly synthetic: boolean
  readonly at: Date
}

/** Adds customers under their ids; those who are there stay as they are. */
export async function insertKnownCustomers(tx: Transaction, customers: readonly KnownCustomer[]): Promise<void> {
  await tx`
    insert into customers (id, account_key, synthetic, created_at)
    select c.id, c.account_key, c.synthetic, c.created_at
    from unnest(
      ${customers.map(({ id }) => uuidOf(id))}::text[]::uuid[],
      ${customers.map(({ accountKey }) => accountKey)}::text[],
      ${customers.map(({ synthetic }) => String(synthetic))}::text[]::boolean[],
      ${customers.map(({ at }) => at.toISOString())}::text[]::timestamptz[]
    ) as c (id, account_key, synthetic, created_at)
    on conflict (id) do nothing`
}

/** Customers behind one, by id; from the first one without. */
export async function selectCustomersBehind(
  sql: Reader,
  behind: Id<'cus'> | undefined,
  limit: number,
): Promise<readonly KnownCustomer[]> {
  const beyond = behind === undefined ? sql`` : sql`where id > ${uuidOf(behind)}::uuid`
  const rows = await sql<{ id: string; account_key: string; synthetic: boolean; created_at: Date }[]>`
    select id, account_key, synthetic, created_at from customers ${beyond} order by id limit ${limit}`
  return rows.map((row) => ({
    id: idOf('cus', row.id),
    accountKey: row.account_key,
    synthetic: row.synthetic,
    at: row.created_at,
  }))
}
