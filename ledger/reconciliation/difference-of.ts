import type { Transaction } from '../../database/client.ts'
import { type Context, DEFAULT_RECONCILIATION } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { formatDecimal } from '../../kernel/money.ts'
import type { BankBreak } from './bank-break.ts'
import type { BankEntry } from './bank-entry.ts'
import { selectCandidate } from './store/candidates.ts'

/** What an entry is beyond the payout that it means, in minor units; never zero. */
export type Difference = { readonly payout: Id<'pyt'>; readonly minor: bigint }

/** The difference that is written off. Throws `WRONG_STATE` where no payout is meant, or it is beyond the limit. */
export async function differenceOf(
  context: Context,
  tx: Transaction,
  { kind, payout: meant }: BankBreak,
  { asset, minor }: BankEntry,
): Promise<Difference> {
  const payout = kind === 'AMOUNT_DIFFERS' && meant !== undefined ? await selectCandidate(tx, meant) : undefined
  if (payout === undefined)
    throw new Fault('WRONG_STATE', 'there is no difference to one payout that could be written off')
  const difference = minor < 0n ? minor + payout.transfer : minor - payout.transfer
  const limit = (context.reconciliation ?? DEFAULT_RECONCILIATION).toleranceMinor
  if ((difference < 0n ? -difference : difference) > limit) {
    const [much, most] = [difference, limit].map((one) => formatDecimal({ asset, minor: one }))
    throw new Fault('WRONG_STATE', `a difference of ${much} is beyond the limit of ${most}`)
  }
  return { payout: payout.id, minor: difference }
}
