import type { Context } from '../../database/context.ts'
import { findAccount, type WhosePoints } from './require-holder.ts'
import { selectStanding } from './store/points-lots.ts'
import { sumPoints } from './take-points.ts'

/** What somebody has in whole points, and what of it ends first. */
export type PointsBalance = {
  /** Below zero where more was taken back than there was. */
  readonly points: bigint
  readonly nextExpiry: { readonly points: bigint; readonly at: Date } | undefined
}

/**
 * The points that somebody can use now: those past their end are no part of it, also before they are swept. Throws
 * `NOT_FOUND` for nobody we know.
 */
export async function pointsBalance(context: Context, whose: WhosePoints): Promise<PointsBalance> {
  const { reads } = context.database
  const account = await findAccount(reads, whose)
  if (account === undefined) return { points: 0n, nextExpiry: undefined }
  const { balance, lots } = await selectStanding(reads, account.id)
  const now = context.clock.now()
  const overdue = lots.filter(({ expiresAt }) => expiresAt <= now)
  const [first, ...others] = lots
    .filter(({ expiresAt }) => expiresAt > now)
    .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
  const together = others.filter(({ expiresAt }) => expiresAt.getTime() === first?.expiresAt.getTime())
  return {
    points: balance - sumPoints(overdue),
    nextExpiry: first && { points: first.points + sumPoints(together), at: first.expiresAt },
  }
}
