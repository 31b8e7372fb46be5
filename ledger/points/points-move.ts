import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { PointsBeneficiary } from '../splits/referral-points.ts'
import type { LotPart } from './take-points.ts'

/** Points that one rule earned by one referral; a row and a record are made of it once. */
export type PointsLot = {
  readonly id: Id<'ptl'>
  readonly account: Id<'pta'>
  /** From 1, in the order in which the account got its lots. */
  readonly no: number
  readonly points: bigint
  readonly asset: Asset
  /** Minor units of the asset. */
  readonly money: bigint
  readonly earnedAt: Date
  /** Exclusive. */
  readonly expiresAt: Date
  readonly programme: Id<'prg'>
  readonly agreement: Id<'agr'>
  readonly terms: Id<'trm'>
  /** Place within the terms' rules, from 0. */
  readonly place: number
  readonly contribution: Id<'ctr'>
  readonly beneficiary: PointsBeneficiary
}

/** What changes a balance. */
export const POINTS_MOVE_KINDS = [
  'EARNED',
  'REDEEMED',
  'EXPIRED',
  'REVERSED',
] as const satisfies readonly MoveCause['kind'][]

/** What a move is about. */
export type MoveCause =
  | { readonly kind: 'EARNED'; readonly lot: PointsLot }
  | { readonly kind: 'REDEEMED'; readonly reward: { readonly code: string; readonly version: number } }
  | { readonly kind: 'EXPIRED'; readonly lot: Id<'ptl'> }
  | { readonly kind: 'REVERSED'; readonly lot: Id<'ptl'>; readonly reason: string }

/** Something that changes a balance. */
export type PointsMove = {
  readonly id: Id<'ptm'>
  readonly account: Id<'pta'>
  /** What the balance changes by. */
  readonly points: bigint
  readonly at: Date
  readonly cause: MoveCause
  /** What it takes out of lots; where points are earned, what the account owed is taken out of the new lot. */
  readonly parts: readonly LotPart[]
}
