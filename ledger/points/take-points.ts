import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Asset } from '../../kernel/money.ts'

/** What a lot still holds: points above zero, and the money that is set aside for them. */
export type LotLeft = {
  readonly lot: Id<'ptl'>
  readonly points: bigint
  readonly asset: Asset
  readonly money: bigint
  readonly expiresAt: Date
}

/** What is taken out of one lot. */
export type LotPart = {
  readonly lot: Id<'ptl'>
  readonly points: bigint
  readonly asset: Asset
  readonly money: bigint
}

/**
 * Takes points out of lots, the first ones first. Of a lot that gives a part, the money goes in proportion, rounded down;
 * with its last point goes all that is left of it. The lots hold as much. Source: RULES §6.
 */
export function takePoints(lots: readonly LotLeft[], wanted: bigint): readonly LotPart[] {
  const parts: LotPart[] = []
  let missing = wanted
  for (const lot of lots) {
    if (missing === 0n) break
    const part = partOf(lot, least(lot.points, missing))
    parts.push(part)
    missing -= part.points
  }
  invariant(missing === 0n, 'points are taken out of lots that hold them')
  return parts
}

/** Some of a lot's points, and their money. */
export function partOf({ lot, points: held, asset, money }: LotLeft, points: bigint): LotPart {
  return { lot, points, asset, money: (money * points) / held }
}

/** The sum of points. */
export function sumPoints(of: readonly { readonly points: bigint }[]): bigint {
  return of.reduce((all, { points }) => all + points, 0n)
}

/** The smaller of two amounts. */
export function least(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}
