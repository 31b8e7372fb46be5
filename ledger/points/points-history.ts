import type { Id } from '../../kernel/ids.ts'
import type { PointsMove } from './points-move.ts'

/** A move as whose points they are sees it. */
export type PointsHistoryMove = {
  readonly id: Id<'ptm'>
  readonly kind: PointsMove['cause']['kind']
  /** What the balance changed by. */
  readonly points: bigint
  readonly at: Date
  /** Of points that were earned: from when on they cannot be used. */
  readonly expiresAt: Date | undefined
  /** Of points that were given for something: for what. */
  readonly reward: { readonly code: string; readonly nameEn: string; readonly nameZh: string } | undefined
  /** Of points that were taken back: why. */
  readonly reason: string | undefined
  readonly record: Id<'rec'>
}
