import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { ReadAccount } from './chain.ts'
import type { PayoutAddress } from './payout-address.ts'
import { holdPartner, insertAddress } from './store/addresses.ts'

export type PayoutAddressInput = {
  /** The partner by code or id. */
  readonly partner: string
  /** The account as its owner gave it, with its checksum. */
  readonly account: string
  readonly readAccount: ReadAccount
}

/**
 * Enters where a partner wants money on a chain. Until another person verifies it, what was in force before stays so.
 * Throws `NOT_FOUND` (partner), `INVALID_INPUT` (account), `FORBIDDEN` unless a member of the staff acts.
 */
export async function proposePayoutAddress(
  context: Context,
  { partner: named, account: text, readAccount }: PayoutAddressInput,
): Promise<PayoutAddress> {
  requireStaff(context)
  const account = readAccount(text)
  return context.database.transaction(async (tx) => {
    const { id: partner, code } = await holdPartner(tx, named)
    const id = newId('pad')
    const [record] = await appendRecords(context, tx, [
      { kind: 'payout_address', partner, data: { event: 'PROPOSED', address: id, partner, code, account } },
    ])
    return insertAddress(tx, { id, partner, account, by: context.actor, record })
  })
}
