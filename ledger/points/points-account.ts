import type { Id } from '../../kernel/ids.ts'
import { type Asset, parseAsset } from '../../kernel/money.ts'
import { accountPath } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'

/** What points are counted in: whole ones. */
export const POINTS: Asset = parseAsset('PTS/0')

/** Who has points: a customer, or a partner by its id and its code. */
export type PointsHolder =
  | { readonly customer: Id<'cus'> }
  | { readonly partner: Id<'ptr'>; readonly partnerCode: string }

/** Where somebody's points are. Its id is all that the journal knows of a customer. */
export type PointsAccount = { readonly id: Id<'pta'>; readonly holder: PointsHolder }

/** The account of the journal on which the points of a holder are. */
export function pointsPath({ id, holder }: PointsAccount): AccountPath {
  return 'customer' in holder ? accountPath('Points:Customer', id) : accountPath('Points:Partner', holder.partnerCode)
}

/** The account of the journal on which money stands that a holder got for points. */
export function moneyPath({ id, holder }: PointsAccount): AccountPath {
  return 'customer' in holder
    ? accountPath('Liabilities:CustomerCash', id)
    : accountPath('Partner:Payable', holder.partnerCode)
}
