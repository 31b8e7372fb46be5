import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { feesWithin } from '../../records/anchoring/fees.ts'
import type { Call, PayoutSender } from './chain.ts'
import type { Round } from './round.ts'
import { type Attempt, insertAttempt, type Step, selectLastAttempt } from './store/attempts.ts'

export type Sending = {
  readonly round: Round
  readonly step: Step
  readonly call: Call
  readonly sender: PayoutSender
  /** The most that the transaction may cost. */
  readonly budgetWei: bigint
  /** Signs the step again with higher fees, in place of the transaction that waits. */
  readonly replace: boolean
}

/**
 * Hands a step's transaction to the node and gives its hash. It is kept before it is sent: after a crash the very same bytes
 * are sent again, and one with another nonce is signed only when its nonce was used. That a round is opened or swept once
 * is the contract's promise, whatever is sent. Throws `CHAIN_REFUSED` when contract, node or budget refuse it.
 */
export async function sendStep(context: Context, sending: Sending): Promise<string> {
  const { round, step, sender, replace } = sending
  const last = await selectLastAttempt(context.database.reads, { round: round.id, step })
  const nonces = await sender.nonces()
  const waits = last !== undefined && last.nonce >= nonces.mined
  if (waits && !replace) return handOver(sender, last)
  const nonce = waits ? last.nonce : nonces.pending
  const attempt = await signStep(context, sending, { last, nonce, replaced: waits ? last : undefined })
  const kept = await context.database.transaction((tx) => insertAttempt(tx, attempt))
  // another process signed at the same moment, and its transaction is the one that was kept
  return kept ? handOver(sender, attempt) : sendStep(context, { ...sending, replace: false })
}

async function signStep(
  context: Context,
  { round, step, call, sender, budgetWei }: Sending,
  {
    last,
    nonce,
    replaced,
  }: { readonly last?: Attempt | undefined; readonly nonce: number; readonly replaced: Attempt | undefined },
): Promise<Attempt> {
  const quoted = await sender.quote(call)
  if ('refused' in quoted) throw new Fault('CHAIN_REFUSED', `the contract would refuse it: ${quoted.refused}`)
  const fees = feesWithin(budgetWei, quoted, replaced)
  if ('needsWei' in fees) {
    throw new Fault('CHAIN_REFUSED', `it costs ${fees.needsWei} wei now, and the budget is ${budgetWei} wei`)
  }
  const { hash, bytes } = await sender.sign(call, fees, { nonce, chainId: round.chainId })
  const { maxFee, priorityFee } = fees
  const place = { round: round.id, step, number: (last?.number ?? 0) + 1, nonce }
  return { ...place, maxFee, priorityFee, hash, signed: bytes, signedAt: context.clock.now() }
}

async function handOver(sender: PayoutSender, { hash, signed }: Attempt): Promise<string> {
  const answer = await sender.broadcast(signed)
  if (answer.outcome === 'REFUSED') throw new Fault('CHAIN_REFUSED', `the node refused the transaction: ${answer.why}`)
  if (answer.outcome === 'UNDERPRICED') {
    throw new Fault('CHAIN_REFUSED', `the transaction ${hash} pays too little: send it again with higher fees`)
  }
  return hash
}
