import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { requirePartner } from '../store/partners.ts'
import type { CapabilityNow } from './capability.ts'
import { selectCapabilities } from './store/capabilities.ts'

/**
 * What counts for a partner (id or code) at the database's time: the default of each kind under the key `*`, and whatever is
 * said of this partner. Throws `NOT_FOUND`.
 */
export async function listCapabilities(context: Context, partner: string): Promise<readonly CapabilityNow[]> {
  const { reads } = context.database
  const { id } = await requirePartner(reads, partner)
  return (await selectCapabilities(reads, [id])).get(id) ?? []
}

/** The same of several partners by their ids, in one statement. */
export async function listCapabilitiesOf(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, readonly CapabilityNow[]>> {
  return selectCapabilities(database.reads, partners)
}
