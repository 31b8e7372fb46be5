import { Fault } from '../../kernel/fault.ts'
import { type Asset, formatDecimal } from '../../kernel/money.ts'

/** Throws `INVALID_INPUT` for nothing or less, and `WRONG_STATE` for more than is owed. Minor units. */
export function refuseMoreThanOwed(input: {
  readonly asset: Asset
  readonly minor: bigint
  readonly owed: bigint
}): void {
  const { asset, minor, owed } = input
  if (owed === 0n) throw new Fault('WRONG_STATE', 'nothing is owed by this agreement', { field: 'agreement' })
  if (minor <= 0n) throw new Fault('INVALID_INPUT', 'amount: it is above zero', { field: 'amount' })
  if (minor <= owed) return
  const [asked, most] = [minor, owed].map((amount) => formatDecimal({ asset, minor: amount }))
  throw new Fault('WRONG_STATE', `${asked} is more than the ${most} ${asset} that is owed`, { field: 'amount' })
}
