import { type Asset, codeOf, decimalsOf } from '../../../kernel/money.ts'
import { distinctNames } from './distinct-names.ts'

/** Assets by their codes; of two with one code the second has its decimals in its name, so that they are never mixed. */
export function commodityNames(): (asset: Asset) => string {
  return distinctNames<Asset>(codeOf, (asset) => `${codeOf(asset)}.${decimalsOf(asset)}`)
}
