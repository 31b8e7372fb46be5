import { type Asset, type Money, sumMoney } from '../../kernel/money.ts'
import { accountPath } from '../journal/chart.ts'
import type { AccountPath, Posting } from '../journal/entry.ts'
import { POINTS, type PointsAccount, pointsPath } from './points-account.ts'
import type { PointsLot } from './points-move.ts'
import type { LotPart } from './take-points.ts'

const ISSUED = accountPath('Points:Issued')
const EXPENSE = accountPath('Expenses:Points')
const LIABILITY = accountPath('Liabilities:Points')

/** What moves on an account: so many points, and the parts of lots that go with them. */
type Moving = { readonly account: PointsAccount; readonly points: bigint; readonly parts: readonly LotPart[] }

/** Points are earned: their money is set aside, but for that of points which the account owed. Source: RULES §6. */
export function earnedPostings(account: PointsAccount, lot: PointsLot, owed: readonly LotPart[]): readonly Posting[] {
  const forOwed = owed.reduce((all, { money }) => all + money, 0n)
  return [
    ...between(ISSUED, pointsPath(account), { asset: POINTS, minor: lot.points }),
    ...between(EXPENSE, LIABILITY, { asset: lot.asset, minor: lot.money - forOwed }),
  ]
}

/** Points are given for money, which the holder is due. Source: RULES §6. */
export function redeemedPostings(moving: Moving, moneyTo: AccountPath): readonly Posting[] {
  return gone(moving, moneyTo)
}

/** Points are given for what a partner supplies: it is owed its price, and what was set aside was for it. */
export function suppliedPostings(
  moving: Moving,
  { supplierCode, price }: { readonly supplierCode: string; readonly price: Money },
): readonly Posting[] {
  return [...gone(moving, EXPENSE), ...between(EXPENSE, accountPath('Partner:Payable', supplierCode), price)]
}

/** Points have expired: what was set aside for them is kept. Source: RULES §6. */
export function expiredPostings(moving: Moving): readonly Posting[] {
  return gone(moving, accountPath('Income:PointsBreakage'))
}

/** Points are taken back: what is still set aside for them was no expense. */
export function reversedPostings(moving: Moving): readonly Posting[] {
  return gone(moving, EXPENSE)
}

/** Points leave an account; the money of those that lots held goes where it is now. */
function gone({ account, points, parts }: Moving, moneyTo: AccountPath): readonly Posting[] {
  const assets = [...new Set(parts.map(({ asset }) => asset))].sort()
  return [
    ...between(pointsPath(account), ISSUED, { asset: POINTS, minor: points }),
    ...assets.flatMap((asset) => between(LIABILITY, moneyTo, moneyIn(asset, parts))),
  ]
}

function moneyIn(asset: Asset, parts: readonly LotPart[]): Money {
  const own = parts.filter((part) => part.asset === asset)
  return sumMoney(
    asset,
    own.map(({ money: minor }) => ({ asset, minor })),
  )
}

/** Nothing is posted where nothing moves. */
function between(debit: AccountPath, credit: AccountPath, { asset, minor }: Money): readonly Posting[] {
  if (minor === 0n) return []
  return [
    { account: debit, asset, minor },
    { account: credit, asset, minor: -minor },
  ]
}
