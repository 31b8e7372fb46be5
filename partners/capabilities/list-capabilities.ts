import type { Context } from '../../database/context.ts'
import { requirePartner } from '../store/partners.ts'
import type { CapabilityNow } from './capability.ts'
import { selectCapabilities } from './store/capabilities.ts'

/**
 * What counts for a partner (id or code) at the database's time: the default of each kind under the key `*`, and whatever is
 * said of this partner. Throws `NOT_FOUND`.
 */
export async function listCapabilities(context: Context, partner: string): Promise<readonly CapabilityNow[]> {
  const { reads } = context.database
  return selectCapabilities(reads, (await requirePartner(reads, partner)).id)
}
