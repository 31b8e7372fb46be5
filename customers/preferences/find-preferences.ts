import type { Context } from '../../database/context.ts'
import { requireCustomer } from '../store/customers.ts'
import type { Preferences } from './preferences.ts'
import { selectPreferences } from './store/preferences.ts'

/** What the signed-in customer chose. Throws `NOT_FOUND` for an account that there is not. */
export async function findPreferences(
  { database }: Context,
  { accountKey }: { readonly accountKey: string },
): Promise<Preferences> {
  const { id } = await requireCustomer(database.reads, accountKey)
  const kept = await selectPreferences(database.reads, id)
  return { recommendations: kept?.recommendations ?? true }
}
