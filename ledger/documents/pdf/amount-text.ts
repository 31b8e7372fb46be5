import { type Asset, formatDecimal } from '../../../kernel/money.ts'

/** Minor units for people, with commas between thousands: `-1,234,567.89`. */
export function amountText(minor: bigint, asset: Asset): string {
  const [whole = '', fraction] = formatDecimal({ asset, minor }).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:[0-9]{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
