import { eq } from 'drizzle-orm'
import type { Reader } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { customers } from '../tables.ts'

/** A customer by both names: ours, and the broker's account key. */
export type NamedCustomer = { readonly id: Id<'cus'>; readonly accountKey: string; readonly synthetic: boolean }

/** The customer with one of the names, if there is one. */
export async function selectNamed(
  sql: Reader,
  named: { readonly accountKey: string } | { readonly id: Id<'cus'> },
): Promise<NamedCustomer | undefined> {
  // PostgreSQL's text holds no NUL: nobody is kept under such a name
  if ('accountKey' in named && named.accountKey.includes('\u0000')) return undefined
  const condition = 'id' in named ? eq(customers.id, uuidOf(named.id)) : eq(customers.accountKey, named.accountKey)
  const [row] = await orm(sql)
    .select({ id: customers.id, accountKey: customers.accountKey, synthetic: customers.synthetic })
    .from(customers)
    .where(condition)
  return row && { ...row, id: idOf('cus', row.id) }
}
