import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { expireOverdue } from './expire-overdue.ts'
import type { PointsAccount } from './points-account.ts'
import { reversedPostings } from './points-entries.ts'
import type { PointsHistoryMove } from './points-history.ts'
import { accountsById } from './store/points-accounts.ts'
import { selectMoves } from './store/points-history.ts'
import { type ReversibleLot, type Standing, selectReversible, selectStanding } from './store/points-lots.ts'
import { least, sumPoints, takePoints } from './take-points.ts'
import { writeMoves } from './write-moves.ts'

const reversePointsInput = z.strictObject({
  /** Id of the referral. */
  contribution: z.string().max(60),
  /** Why; who had the points reads it. */
  reason: lineOfText(300),
})

export type ReversePointsInput = z.input<typeof reversePointsInput>

/**
 * Takes back all points that a referral earned, of whomever, but for those that expired: out of their own lot, then of the
 * account's others, the oldest first. What was used already is owed, and the balance is below zero: later points pay it.
 * What was taken back before is left as it is. Gives the moves that it made. Throws `INVALID_INPUT`, and `NOT_FOUND` for a
 * contribution that earned no points. Source: RULES §6, ADR 0019.
 */
export async function reversePoints(
  context: Context,
  input: ReversePointsInput,
): Promise<readonly PointsHistoryMove[]> {
  const { contribution, reason } = parseExactly(reversePointsInput, input, 'reversal')
  if (!isId('ctr', contribution)) throw noPoints()
  const made = await context.database.transaction((tx) => reverseIn(context, tx, { contribution, reason }))
  return selectMoves(context.database.reads, made)
}

type Reversal = { readonly contribution: Id<'ctr'>; readonly reason: string }

async function reverseIn(
  context: Context,
  tx: Transaction,
  { contribution, reason }: Reversal,
): Promise<readonly Id<'ptm'>[]> {
  const named = await selectReversible(tx, contribution)
  if (named.length === 0) throw noPoints()
  const accounts = new Map((await accountsById(tx, accountsIn(named))).map((account) => [account.id, account]))
  await expireOverdue(context, tx, [...accounts.values()])
  const made: Id<'ptm'>[] = []
  // read again: who held the accounts before may have taken the same back
  for (const lot of await selectReversible(tx, contribution)) {
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

function accountsIn(lots: readonly ReversibleLot[]): readonly Id<'pta'>[] {
  return [...new Set(lots.map(({ account }) => account))]
}

type Taking = {
  readonly id: Id<'ptm'>
  readonly lot: ReversibleLot
  readonly reason: string
  readonly at: Date
}

function takingBack(account: PointsAccount, { lots }: Standing, { id, lot: { lot, points }, reason, at }: Taking) {
  const own = lots.filter((one) => one.lot === lot)
  const others = lots.filter((one) => one.lot !== lot)
  const parts = takePoints([...own, ...others], least(points, sumPoints(lots)))
  const cause = { kind: 'REVERSED', lot, reason } as const
  const move = { id, account: account.id, points: -points, at, cause, parts }
  return { move, account, postings: reversedPostings({ account, points, parts }) }
}

function noPoints(): Fault {
  return new Fault('NOT_FOUND', 'no points were earned by such a contribution', { field: 'contribution' })
}
