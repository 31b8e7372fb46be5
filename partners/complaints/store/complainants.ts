import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** A partner as customers know it. */
export type KnownPartner = { readonly code: string; readonly name: string }

/** The customer whom the broker knows by a key. */
export async function selectComplainant(sql: Reader, accountKey: string): Promise<Id<'cus'> | undefined> {
  const [row] = await sql<{ customer_id: string }[]>`
    select customer_id from customer_accounts where account_key = ${accountKey}`
  return row && idOf('cus', row.customer_id)
}

/** The partner with this code, if it has or had a consent of the customer; otherwise nothing, as if there were none. */
export async function selectKnownPartner(
  sql: Reader,
  customer: Id<'cus'>,
  code: string,
): Promise<Id<'ptr'> | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select p.id from partners p join partner_customers k on k.partner_id = p.id
    where p.code = ${code} and k.customer_id = ${uuidOf(customer)}`
  return row && idOf('ptr', row.id)
}

/** Partners that have or had a consent of the customer, by name, up to two hundred. */
export async function selectKnownPartners(sql: Reader, accountKey: string): Promise<readonly KnownPartner[]> {
  return sql<KnownPartner[]>`
    select p.code, p.name from customer_accounts a join partner_customers k on k.customer_id = a.customer_id
    join partners p on p.id = k.partner_id
    where a.account_key = ${accountKey} order by p.name, p.code limit 200`
}
