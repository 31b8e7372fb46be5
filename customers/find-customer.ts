import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { type NamedCustomer, selectNamed } from './store/named-customers.ts'

/** The customer with an account key or an id, or nothing. */
export async function findCustomer(
  context: Context,
  named: { readonly accountKey: string } | { readonly id: Id<'cus'> },
): Promise<NamedCustomer | undefined> {
  return selectNamed(context.database.reads, named)
}
