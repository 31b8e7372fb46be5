import type { Context } from '../../database/context.ts'
import type { AnchorChain, AnchorPolicy, AnchorTurn, Fees, Nonces } from './chain.ts'
import { feesWithin } from './fees.ts'
import { sendAttempt } from './send-attempt.ts'
import { type Attempt, insertAttempt, selectFirstWaiting } from './store/anchor-attempts.ts'
import type { Intent } from './store/anchor-intents.ts'

/** An intent, and where and how it is published. */
export type Publishing = {
  readonly chain: AnchorChain
  readonly policy: AnchorPolicy
  readonly chainId: bigint
  readonly intent: Intent
}

/** Signs the next transaction for an intent, keeps it, and sends it; or says why it must wait. */
export async function signAttempt(
  context: Context,
  publishing: Publishing,
  { nonces, last }: { readonly nonces: Nonces; readonly last: Attempt | undefined },
): Promise<AnchorTurn> {
  const { chain, policy, chainId, intent } = publishing
  const quoted = await chain.quote(intent)
  if ('refused' in quoted) return { state: 'WAITING', why: `the contract would refuse the anchor: ${quoted.refused}` }
  const replaced = await replaceable(context, chain, nonces)
  const fees = feesWithin(policy.budgetWei, quoted, replaced)
  if ('needsWei' in fees) return { state: 'WAITING', why: aboveBudget(fees.needsWei, policy.budgetWei) }
  const nonce = replaced?.nonce ?? nonces.pending
  const signed = await chain.sign(intent, fees, { nonce, chainId })
  const attempt = await keep(context, {
    intent,
    publisher: chain.publisher.toLowerCase(),
    number: (last?.number ?? 0) + 1,
    nonce,
    fees,
    signed,
  })
  return attempt ? sendAttempt(context, chain, attempt) : { state: 'PENDING' }
}

function aboveBudget(needs: bigint, budget: bigint): string {
  return `an anchor costs ${needs} wei now, and the budget is ${budget} wei`
}

/** The transaction of ours that stands first in the account's queue: whatever comes behind it would wait for it. */
async function replaceable(context: Context, chain: AnchorChain, nonces: Nonces): Promise<Attempt | undefined> {
  const first = await selectFirstWaiting(context.database.reads, chain, nonces.mined)
  return first && first.nonce <= nonces.pending ? first : undefined
}

/** Keeps a signed transaction before anybody sees it; `undefined` when another process kept one at the same moment. */
async function keep(
  context: Context,
  made: {
    readonly intent: Intent
    readonly number: number
    readonly publisher: string
    readonly nonce: number
    readonly fees: Fees
    readonly signed: { readonly hash: string; readonly bytes: Buffer }
  },
): Promise<Attempt | undefined> {
  const attempt = {
    intent: made.intent.id,
    number: made.number,
    publisher: made.publisher,
    nonce: made.nonce,
    ...made.fees,
    hash: made.signed.hash,
    signed: made.signed.bytes,
    signedAt: context.clock.now(),
  }
  const kept = await context.database.transaction((tx) => insertAttempt(tx, attempt))
  return kept ? { ...attempt, sentAt: undefined, refused: undefined } : undefined
}
