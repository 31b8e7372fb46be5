import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { amount } from '../agreements/terms-fields.ts'
import type { Posting } from '../journal/entry.ts'
import { holderKey } from './accounts-for.ts'
import { expireOverdue } from './expire-overdue.ts'
import { moneyPath, type PointsAccount, type PointsHolder } from './points-account.ts'
import { redeemedPostings, suppliedPostings } from './points-entries.ts'
import type { PointsHistoryMove } from './points-history.ts'
import { requireHolder } from './require-holder.ts'
import type { Reward } from './reward.ts'
import { accountsOf } from './store/points-accounts.ts'
import { selectMoves } from './store/points-history.ts'
import { type Standing, selectStanding } from './store/points-lots.ts'
import { selectReward } from './store/rewards.ts'
import { takePoints } from './take-points.ts'
import { writeMoves } from './write-moves.ts'

const redeemPointsInput = z.strictObject({
  /** The broker's key of a customer, or a partner's code or id. */
  whose: z.union([z.strictObject({ accountKey: z.string().max(128) }), z.strictObject({ partner: lineOfText(60) })]),
  /** Code of the reward. */
  reward: lineOfText(40),
  /** What the caller thinks that it takes: another number of points is refused. */
  points: amount.exactOptional(),
  idempotencyKey: z.string(),
})

export type RedeemPointsInput = z.input<typeof redeemPointsInput>

/**
 * Gives points for a reward, of the oldest lots first. The money that was set aside for them is due to whose points they
 * are; where a partner supplies the reward, that partner is owed its price instead. The same key again has one effect and
 * one answer, and however many redeem at once on whatever processes, nobody gives what is not there.
 * Throws `NOT_FOUND` (whose, reward), `INVALID_INPUT`, `WRONG_STATE` for a reward that is not given now or takes other
 * points than the caller thinks, `INSUFFICIENT_POINTS`, and `IDEMPOTENCY_CONFLICT`. Source: RULES §6, ADR 0019.
 */
export async function redeemPoints(context: Context, input: RedeemPointsInput): Promise<PointsHistoryMove> {
  const { idempotencyKey: key, whose, ...wanted } = parseExactly(redeemPointsInput, input, 'redemption')
  const holder = await requireHolder(context.database.reads, whose)
  // the customer's own id first: what is remembered of a customer's requests is forgotten with the customer
  const scope = `${holderKey(holder)}:points.redeem`
  const { answer } = await once(context, { scope, key, request: { ...wanted } }, (tx) =>
    redeemIn(context, tx, { holder, ...wanted }),
  )
  const [move] = await selectMoves(context.database.reads, [answer])
  invariant(move, 'a redemption that was answered is there')
  return move
}

type Wanted = { readonly holder: PointsHolder; readonly reward: string; readonly points?: bigint }

async function redeemIn(context: Context, tx: Transaction, wanted: Wanted): Promise<Id<'ptm'>> {
  const reward = await requireReward(tx, wanted)
  const [account] = await accountsOf(tx, [wanted.holder])
  if (account === undefined) throw tooFew(reward, 0n)
  await expireOverdue(context, tx, [account])
  const standing = await selectStanding(tx, account.id)
  if (standing.balance < reward.points) throw tooFew(reward, standing.balance)
  const id = newId('ptm')
  await writeMoves(context, tx, [redemption(account, standing, { id, reward, at: context.clock.now() })])
  return id
}

async function requireReward(tx: Transaction, { reward: code, points }: Wanted): Promise<Reward> {
  const reward = await selectReward(tx, code)
  if (reward === undefined) throw new Fault('NOT_FOUND', 'there is no such reward', { field: 'reward' })
  if (!reward.available) throw new Fault('WRONG_STATE', `the reward ${code} is not given now`, { field: 'reward' })
  if (points === undefined || points === reward.points) return reward
  throw new Fault('WRONG_STATE', `the reward ${code} takes ${reward.points} points now`, { field: 'points' })
}

function tooFew({ code, points }: Reward, balance: bigint): Fault {
  const sentence = `the reward ${code} takes ${points} points, and there are ${balance}`
  return new Fault('INSUFFICIENT_POINTS', sentence, { field: 'reward' })
}

function redemption(
  account: PointsAccount,
  { lots }: Standing,
  { id, reward, at }: { readonly id: Id<'ptm'>; readonly reward: Reward; readonly at: Date },
) {
  const { points, code, version, supply } = reward
  const parts = takePoints(lots, points)
  const moving = { account, points, parts }
  const postings: readonly Posting[] =
    supply === undefined
      ? redeemedPostings(moving, moneyPath(account))
      : suppliedPostings(moving, { supplierCode: supply.partnerCode, price: supply.price })
  const cause = { kind: 'REDEEMED', reward: { code, version } } as const
  return { move: { id, account: account.id, points: -points, at, cause, parts }, account, postings }
}
