import type { Context } from '../../database/context.ts'
import { requireCustomer } from '../store/customers.ts'
import { type SuppliedTag, selectSuppliedTags } from './store/supplied-tags.ts'

/** What partners supplied of the signed-in customer, opened, by tag and supplier. Throws `NOT_FOUND` for an account that there is not. */
export async function listSuppliedTags(
  context: Context,
  { accountKey }: { readonly accountKey: string },
): Promise<readonly SuppliedTag[]> {
  const { id } = await requireCustomer(context.database.reads, accountKey)
  return selectSuppliedTags(context, id)
}
