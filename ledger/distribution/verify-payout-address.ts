import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { appendRecords } from '../../records/append-records.ts'
import { requireSecondPerson } from '../second-person.ts'
import type { PayoutAddress } from './payout-address.ts'
import type { PayoutAddressInput } from './propose-payout-address.ts'
import { holdPartner, selectLastAddress, verifyAddress } from './store/addresses.ts'

/**
 * Puts a partner's new account in force. The second person enters it again, from the partner's own paper and not from the
 * screen: what differs is refused. Throws `NOT_FOUND` (partner), `INVALID_INPUT` (account), `WRONG_STATE` when nothing
 * waits to be verified or something else does, `FORBIDDEN` for the person who entered it.
 */
export async function verifyPayoutAddress(
  context: Context,
  { partner: named, account: text, readAccount }: PayoutAddressInput,
): Promise<PayoutAddress> {
  const account = readAccount(text)
  return context.database.transaction(async (tx) => {
    const { id: partner, code } = await holdPartner(tx, named)
    const address = await selectLastAddress(tx, partner)
    if (address === undefined || address.verifiedAt !== undefined) {
      throw new Fault('WRONG_STATE', `no payout address of ${code} waits to be verified`)
    }
    requireSecondPerson(context, address.proposedBy)
    if (address.account !== account) {
      throw new Fault('WRONG_STATE', `another payout address of ${code} waits to be verified`, { field: 'account' })
    }
    const [record] = await appendRecords(context, tx, [
      { kind: 'payout_address', partner, data: { event: 'VERIFIED', address: address.id, partner, code, account } },
    ])
    return verifyAddress(tx, { id: address.id, by: context.actor, record })
  })
}
