import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import type { Call, PayoutChain } from './chain.ts'
import { requireStatus } from './move-round.ts'
import { requirePlace } from './require-place.ts'
import type { Round } from './round.ts'
import { sendStep } from './send-step.ts'
import { requireRound } from './store/rounds.ts'

export type SweepRoundInput = {
  readonly round: string
  readonly chain: PayoutChain
  readonly byHand?: boolean
  readonly budgetWei: bigint
  readonly replace?: boolean
}

export type Sweeping =
  | { readonly outcome: 'SWEPT'; readonly round: Round }
  | { readonly outcome: 'SENT'; readonly round: Round; readonly hash: string }
  | { readonly outcome: 'BY_HAND'; readonly round: Round; readonly calls: readonly Call[] }

/**
 * Takes back what nobody claimed of a funded round until its deadline, which the contract judges by its own clock. Safe to
 * run again. Throws `NOT_FOUND`, `WRONG_STATE`, `NOT_READY` when nobody signs, `CHAIN_REFUSED` before the deadline.
 */
export async function sweepRound(context: Context, input: SweepRoundInput): Promise<Sweeping> {
  requireStaff(context)
  const round = await requireRound(context.database.reads, input.round)
  requireStatus(round, ['FUNDED'])
  const { chain, budgetWei } = input
  await requirePlace(chain, round)
  if ((await chain.roundNow(round.number))?.swept === true) return { outcome: 'SWEPT', round }
  const call = chain.callOf.sweep(round.number)
  if (input.byHand === true) return { outcome: 'BY_HAND', round, calls: [call] }
  const { sender } = chain
  if (sender === undefined) throw new Fault('NOT_READY', 'no key is configured: sweep the round by hand')
  const sending = { round, sender, call, budgetWei, replace: input.replace ?? false }
  return { outcome: 'SENT', round, hash: await sendStep(context, { ...sending, step: 'SWEEP' }) }
}
