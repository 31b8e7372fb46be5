import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { expireOverdue } from './expire-overdue.ts'
import type { PointsAccount } from './points-account.ts'
import { reversedPostings } from './points-entries.ts'
import { accountsById } from './store/points-accounts.ts'
import { type ReversibleLot, type Standing, selectReversible, selectStanding } from './store/points-lots.ts'
import { least, sumPoints, takePoints } from './take-points.ts'
import { type PostedMove, writeMoves } from './write-moves.ts'

/** What a referral earned is taken back, and why. */
export type Reversal = { readonly contribution: Id<'ctr'>; readonly reason: string }

/**
 * Takes back what a referral earned and was not taken back yet, in the caller's transaction, which holds the accounts from
 * here on. Gives the moves that it made; `undefined` when it never earned points. Source: ADR 0019.
 */
export async function takeBack(
  context: Context,
  tx: Transaction,
  { contribution, reason }: Reversal,
): Promise<readonly Id<'ptm'>[] | undefined> {
  const named = await selectReversible(tx, [contribution])
  if (named.length === 0) return undefined
  const accounts = new Map((await accountsById(tx, accountsIn(named))).map((account) => [account.id, account]))
  await expireOverdue(context, tx, [...accounts.values()])
  const made: Id<'ptm'>[] = []
  // read again: who held the accounts before may have taken the same back
  for (const lot of await selectReversible(tx, [contribution])) {
    const account = accounts.get(lot.account)
    invariant(account, 'a lot is in one of the accounts that are held')
    if (lot.reversed || lot.points === 0n) continue
    const id = newId('ptm')
    const taking = { id, lot, reason, at: context.clock.now() }
    await writeMoves(context, tx, [takingBack(account, await selectStanding(tx, account.id), taking)])
    made.push(id)
  }
  return made
}

/** The accounts that lots are in. */
export function accountsIn(lots: readonly ReversibleLot[]): readonly Id<'pta'>[] {
  return [...new Set(lots.map(({ account }) => account))]
}

type Taking = {
  readonly id: Id<'ptm'>
  readonly lot: ReversibleLot
  readonly reason: string
  readonly at: Date
}

/** Out of the lot itself, then of the others, the oldest first; what is missing is owed from then on. */
function takingBack(
  account: PointsAccount,
  { lots }: Standing,
  { id, lot: { lot, points }, reason, at }: Taking,
): PostedMove {
  const own = lots.filter((one) => one.lot === lot)
  const others = lots.filter((one) => one.lot !== lot)
  const parts = takePoints([...own, ...others], least(points, sumPoints(lots)))
  const cause = { kind: 'REVERSED', lot, reason } as const
  const move = { id, account: account.id, points: -points, at, cause, parts }
  return { move, account, postings: reversedPostings({ account, points, parts }) }
}
