import type { Context } from '../../database/context.ts'
import type { PayoutAddress } from './payout-address.ts'
import { holdPartner, selectAddresses } from './store/addresses.ts'

/** The last hundred accounts that were entered for a partner, the newest first. Throws `NOT_FOUND`. */
export async function listPayoutAddresses(context: Context, partner: string): Promise<readonly PayoutAddress[]> {
  return context.database.transaction(async (tx) => selectAddresses(tx, (await holdPartner(tx, partner)).id))
}
