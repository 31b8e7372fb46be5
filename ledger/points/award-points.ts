import type { Reader, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { addDays } from '../../kernel/month.ts'
import type { Entry } from '../journal/entry.ts'
import { accountsFor, holderKey } from './accounts-for.ts'
import type { PointsHolder } from './points-account.ts'
import { earnedPostings } from './points-entries.ts'
import type { PointsLot } from './points-move.ts'
import { holdAccounts, selectErased } from './store/points-accounts.ts'
import { causeKey, type PointsState, selectEarned, selectReversible, selectStates } from './store/points-lots.ts'
import { accountsIn, takeBack } from './take-back.ts'
import { least, partOf } from './take-points.ts'
import { type PostedMove, writeMoves } from './write-moves.ts'

/** Points that somebody is to get for a referral. Points are whole, at least one; money is minor units of the asset. */
export type PointsAward = Omit<PointsLot, 'id' | 'account' | 'no' | 'earnedAt' | 'expiresAt'> & {
  readonly holder: PointsHolder
  /** When the referral was made: of the awards of one call, the earlier ones become the older lots. */
  readonly at: Date
  /** Days of 24 hours, from the moment in which the points are earned. */
  readonly expiresAfterDays: number
}

export type AwardPointsInput = {
  readonly awards: readonly PointsAward[]
  /** Referrals in whose place earlier ones came: what they earned is taken back first. */
  readonly displaced?: readonly Id<'ctr'>[]
  /** How the journal dates it and in which period; now and in none unless given. */
  readonly entry?: Pick<Entry, 'at' | 'period'>
}

const DISPLACED = 'another referral of the same customer was earlier'

/** What was given. */
export type AwardedPoints = { readonly lots: number; readonly points: bigint }

/**
 * Gives points in the caller's transaction: a lot with its money for each award, its record and its entry in the journal.
 * What was awarded before is not given again, and an erased customer is given nothing. What an account owes is taken out
 * of what it gets. Accounts are opened as needed, and held until the transaction ends. Source: RULES §6, ADR 0019.
 */
export async function awardPoints(
  context: Context,
  tx: Transaction,
  { awards, displaced = [], entry }: AwardPointsInput,
): Promise<AwardedPoints> {
  if (awards.length + displaced.length === 0) return { lots: 0, points: 0n }
  const living = await withoutErased(tx, awards)
  const accounts = await accountsFor(
    context,
    tx,
    living.map(({ holder }) => holder),
  )
  const ids = [...accounts.values()].map(({ id }) => id)
  // all at once: two who each held some and waited for the others' would wait for ever
  await holdAccounts(tx, [...ids, ...accountsIn(await selectReversible(tx, displaced))])
  for (const contribution of displaced) await takeBack(context, tx, { contribution, reason: DISPLACED })
  const fresh = await notGivenYet(tx, living)
  const states = new Map(await selectStates(tx, ids))
  const earnedAt = context.clock.now()
  const moves = fresh
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map((award): PostedMove => {
      const account = accounts.get(holderKey(award.holder))
      const state = account && states.get(account.id)
      invariant(account && state, 'who is given points has an account')
      const { move, after } = earn(award, { account: account.id, state, earnedAt })
      states.set(account.id, after)
      const postings = earnedPostings(account, move.cause.lot, move.parts)
      return { move, account, postings, ...(entry === undefined ? {} : { entry }) }
    })
  await writeMoves(context, tx, moves)
  return { lots: moves.length, points: moves.reduce((all, { move }) => all + move.points, 0n) }
}

/** Those of the awards for which there is no lot, whatever became of it. */
export async function notGivenYet(sql: Reader, awards: readonly PointsAward[]): Promise<readonly PointsAward[]> {
  const earned = await selectEarned(sql, awards)
  return awards.filter((award) => !earned.has(causeKey(award)))
}

async function withoutErased(tx: Transaction, awards: readonly PointsAward[]): Promise<readonly PointsAward[]> {
  const customers = awards.flatMap(({ holder }) => ('customer' in holder ? holder.customer : []))
  const erased = await selectErased(tx, customers)
  return awards.filter(({ holder }) => !('customer' in holder && erased.has(holder.customer)))
}

type Earning = { readonly account: Id<'pta'>; readonly state: PointsState; readonly earnedAt: Date }

function earn(award: PointsAward, { account, state, earnedAt }: Earning) {
  const { holder: _, at: __, expiresAfterDays, ...earned } = award
  const expiresAt = addDays(earnedAt, expiresAfterDays)
  const lot: PointsLot = { ...earned, id: newId('ptl'), account, no: state.lastNo + 1, earnedAt, expiresAt }
  const { points } = lot
  const owed = state.left - state.balance
  const taken = least(owed, points)
  const parts = taken === 0n ? [] : [partOf({ ...lot, lot: lot.id }, taken)]
  const after: PointsState = {
    balance: state.balance + points,
    left: state.left + points - taken,
    lastNo: lot.no,
  }
  return {
    move: { id: newId('ptm'), account, points, at: earnedAt, cause: { kind: 'EARNED', lot }, parts },
    after,
  } as const
}
