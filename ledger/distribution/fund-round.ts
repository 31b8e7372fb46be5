import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { formatDecimal } from '../../kernel/money.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import type { Call, PayoutChain, PayoutSender } from './chain.ts'
import { differenceOf } from './difference.ts'
import { moveRound, requireStatus } from './move-round.ts'
import { refuseHindered } from './refuse-hindered.ts'
import { requirePlace } from './require-place.ts'
import { type Round, secondsOf } from './round.ts'
import { sendStep } from './send-step.ts'
import { holdRound, requireRound } from './store/rounds.ts'

export type FundRoundInput = {
  readonly round: string
  readonly chain: PayoutChain
  /** Hands out the calls for the owner's own wallet, and sends nothing. */
  readonly byHand?: boolean
  readonly budgetWei: bigint
  readonly replace?: boolean
  /** How long to wait until the chain knows that the distributor may take the money. */
  readonly waitSeconds?: number
}

/** `OPENED`: the contract has the round; `SENT`: a transaction was handed over; `BY_HAND`: these calls are to be made. */
export type Funding =
  | { readonly outcome: 'OPENED'; readonly round: Round }
  | { readonly outcome: 'SENT'; readonly round: Round; readonly hash: string }
  | { readonly outcome: 'BY_HAND'; readonly round: Round; readonly calls: readonly Call[] }

const PAUSE_MS = 250

/**
 * Funds an approved round: lets the distributor take the round's total, and opens the round. Safe to run again at any
 * point, on any process: the contract opens a number once. What is booked is what `syncRounds` finds in the contract.
 *
 * Throws `NOT_FOUND`, `WRONG_STATE` (status, another contract is configured, or something in the round may
 * not be given out any more), `NOT_READY` when
 * the account lacks the money or nobody signs, `CHAIN_DIFFERS` when the contract has another round under the number.
 */
export async function fundRound(context: Context, input: FundRoundInput): Promise<Funding> {
  requireStaff(context)
  const { chain } = input
  await requirePlace(chain, await requireRound(context.database.reads, input.round))
  const round = await beginFunding(context, input.round)
  if (await stands(chain, round)) return { outcome: 'OPENED', round }
  const open = chain.callOf.open({ ...round, deadline: secondsOf(round.deadline) })
  if (input.byHand === true) {
    return { outcome: 'BY_HAND', round, calls: [chain.callOf.approve(round.token, round.total), open] }
  }
  const { sender } = chain
  if (sender === undefined) throw new Fault('NOT_READY', 'no key is configured: fund the round by hand')
  try {
    await allow(context, { ...input, round, sender })
    const sending = { round, sender, budgetWei: input.budgetWei, replace: input.replace ?? false }
    return { outcome: 'SENT', round, hash: await sendStep(context, { ...sending, step: 'OPEN', call: open }) }
  } catch (error) {
    // another process was first: its money is gone from the account, and the contract would refuse a second round
    if (await stands(chain, round)) return { outcome: 'OPENED', round }
    throw error
  }
}

/** Whether the contract has the round, as of the last block. */
async function stands(chain: PayoutChain, round: Round): Promise<boolean> {
  const standing = await chain.roundNow(round.number)
  const difference = standing && differenceOf(round, standing)
  if (difference !== undefined) throw difference
  return standing !== undefined
}

/** From here on the round can only end on the chain, or pass its deadline there. */
async function beginFunding(context: Context, id: string): Promise<Round> {
  return context.database.transaction(async (tx) => {
    const round = await holdRound(tx, id)
    requireStatus(round, ['APPROVED', 'FUNDING'])
    if (round.status === 'FUNDING') return round
    await refuseHindered(context, tx, round)
    return moveRound(context, tx, { round, to: 'FUNDING' })
  })
}

type Allowing = Omit<FundRoundInput, 'round'> & { readonly round: Round; readonly sender: PayoutSender }

/** Until the chain says that the distributor may take the total. Some tokens change an allowance only by way of zero. */
async function allow(
  context: Context,
  { round, chain, sender, budgetWei, replace, waitSeconds = 60 }: Allowing,
): Promise<void> {
  const until = Date.now() + waitSeconds * 1000
  let raising = replace ?? false
  for (;;) {
    const { balance, allowance } = await sender.funds(round.token)
    if (balance < round.total) throw lackOf(round, balance, sender.account)
    if (allowance >= round.total) return
    if (Date.now() > until) throw new Fault('NOT_READY', 'the chain does not show the allowance yet: run this again')
    const call = chain.callOf.approve(round.token, allowance === 0n ? round.total : 0n)
    await sendStep(context, { round, step: 'APPROVE', call, sender, budgetWei, replace: raising })
    raising = false
    await sleep(PAUSE_MS)
  }
}

function lackOf({ asset, total }: Round, balance: bigint, account: string): Fault {
  const [has, needs] = [balance, total].map((minor) => formatDecimal({ asset, minor }))
  return new Fault('NOT_READY', `the account ${account} has ${has} of ${needs} ${asset}`)
}
