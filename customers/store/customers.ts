import { eq } from 'drizzle-orm'
import type { Reader } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
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
