import type { Transaction } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { formatDecimal } from '../../kernel/money.ts'
import { selectRewardsOwed } from '../reports/store/payables.ts'
import type { BankBreak } from './bank-break.ts'
import { type BookingAccount, rewardedPartner } from './booking-accounts.ts'
import { holdRewardsOwed } from './store/rewards-owed.ts'

/**
 * Throws `WRONG_STATE` where a booking against a partner's account is anything but the payment of what it is due for rewards: money
 * that went out, and no more than is owed now. Two that are approved at once come one after the other.
 */
export async function refuseBeyondRewards(
  tx: Transaction,
  { kind, asset, minor }: Pick<BankBreak, 'kind' | 'asset' | 'minor'>,
  account: BookingAccount,
): Promise<void> {
  const partner = rewardedPartner(account)
  if (partner === undefined) return
  await holdRewardsOwed(tx, partner)
  const rows = await selectRewardsOwed(tx, undefined)
  const owed = rows.find((row) => row.partner === partner && row.asset === asset)?.minor ?? 0n
  if (kind !== 'BALANCE_GAP' && minor < 0n && -minor <= owed) return
  const due = formatDecimal({ asset, minor: owed })
  throw new Fault(
    'WRONG_STATE',
    `${partner} is due ${due} ${asset} for rewards: only money that went out for that is booked so`,
    {
      field: 'account',
    },
  )
}
