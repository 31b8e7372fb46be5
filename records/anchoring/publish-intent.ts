import type { Context } from '../../database/context.ts'
import { unreachable } from '../../kernel/invariant.ts'
import type { AnchorChain, AnchorPolicy, AnchorTurn, Broadcast, Fees, Nonces } from './chain.ts'
import { feesWithin } from './fees.ts'
import {
  type Attempt,
  insertAttempt,
  noteSent,
  selectFirstWaiting,
  selectHashes,
  selectLastAttempt,
} from './store/anchor-attempts.ts'
import type { Intent } from './store/anchor-intents.ts'

type Publishing = {
  readonly chain: AnchorChain
  readonly policy: AnchorPolicy
  readonly chainId: bigint
  readonly intent: Intent
}

const UNDERPRICED = 'UNDERPRICED'

/**
 * Does the next thing for an intent: signs its first transaction, hands over one that the node does not know, waits for one
 * that it knows, or replaces one that waited too long or pays too little. A transaction is kept before it is sent, so
 * after a crash the very same bytes are sent again. One with another nonce is signed only when its nonce is lost to it;
 * should both reach the contract, it takes one and refuses the other.
 */
export async function publishIntent(context: Context, publishing: Publishing): Promise<AnchorTurn> {
  const { chain, intent } = publishing
  const nonces = await chain.nonces()
  const last = await selectLastAttempt(context.database.reads, intent.id)
  if (!last) return signNext(context, publishing, { nonces, last })
  const found = await chain.find(last.hash)
  switch (found) {
    case 'MINED':
      // the head was read a moment before; the next turn sees what became of it
      return { state: 'PENDING', hash: last.hash }
    case 'REVERTED':
      return signNext(context, publishing, { nonces, last })
    case 'PENDING':
      return waitOrReplace(context, publishing, { nonces, last })
    case 'UNKNOWN':
      return sendOrReplace(context, publishing, { nonces, last })
    default:
      return unreachable(found)
  }
}

type Standing = { readonly nonces: Nonces; readonly last: Attempt }

async function waitOrReplace(
  context: Context,
  publishing: Publishing,
  { nonces, last }: Standing,
): Promise<AnchorTurn> {
  const waited = context.clock.now().getTime() - (last.sentAt ?? last.signedAt).getTime()
  const overdue = waited >= publishing.policy.replaceAfterSeconds * 1000
  return overdue ? signNext(context, publishing, { nonces, last }) : { state: 'PENDING', hash: last.hash }
}

async function sendOrReplace(
  context: Context,
  publishing: Publishing,
  { nonces, last }: Standing,
): Promise<AnchorTurn> {
  // used by another transaction, or behind a gap that ours cannot fill
  const lost = last.nonce < nonces.mined || last.nonce > nonces.pending
  if (lost) return signNext(context, publishing, { nonces, last })
  if (last.refused !== UNDERPRICED) return send(context, publishing.chain, last)
  if (last.nonce < nonces.pending && !(await waitsOfOurs(context, publishing.chain, last.nonce))) {
    return {
      state: 'WAITING',
      why: `another transaction of ${publishing.chain.publisher} waits with the nonce ${last.nonce}`,
    }
  }
  return signNext(context, publishing, { nonces, last })
}

async function waitsOfOurs(context: Context, chain: AnchorChain, nonce: number): Promise<boolean> {
  for (const hash of await selectHashes(context.database.reads, chain.contract, nonce)) {
    if ((await chain.find(hash)) === 'PENDING') return true
  }
  return false
}

async function signNext(
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
  const attempt = await keep(context, { intent, number: (last?.number ?? 0) + 1, nonce, fees, signed })
  return attempt ? send(context, chain, attempt) : { state: 'PENDING' }
}

function aboveBudget(needs: bigint, budget: bigint): string {
  return `an anchor costs ${needs} wei now, and the budget is ${budget} wei`
}

/** The transaction of ours that stands first in the account's queue: whatever comes behind it would wait for it. */
async function replaceable(context: Context, chain: AnchorChain, nonces: Nonces): Promise<Attempt | undefined> {
  const first = await selectFirstWaiting(context.database.reads, chain.contract, nonces.mined)
  return first && first.nonce <= nonces.pending ? first : undefined
}

/** Keeps a signed transaction before anybody sees it; `undefined` when another process kept one at the same moment. */
async function keep(
  context: Context,
  made: {
    readonly intent: Intent
    readonly number: number
    readonly nonce: number
    readonly fees: Fees
    readonly signed: { readonly hash: string; readonly bytes: Buffer }
  },
): Promise<Attempt | undefined> {
  const attempt = {
    intent: made.intent.id,
    number: made.number,
    nonce: made.nonce,
    ...made.fees,
    hash: made.signed.hash,
    signed: made.signed.bytes,
    signedAt: context.clock.now(),
  }
  const kept = await context.database.transaction((tx) => insertAttempt(tx, attempt))
  return kept ? { ...attempt, sentAt: undefined, refused: undefined } : undefined
}

async function send(context: Context, chain: AnchorChain, attempt: Attempt): Promise<AnchorTurn> {
  const answer = await chain.broadcast(attempt.signed)
  const at = context.clock.now()
  const refused = refusalOf(answer)
  await context.database.transaction((tx) => noteSent(tx, attempt, { at, refused }))
  if (refused === undefined) return { state: 'SENT', hash: attempt.hash }
  return { state: 'WAITING', why: `the node refused the transaction: ${refused}`, hash: attempt.hash }
}

function refusalOf(answer: Broadcast): string | undefined {
  switch (answer.outcome) {
    case 'ACCEPTED':
      return undefined
    case 'UNDERPRICED':
      return UNDERPRICED
    case 'NONCE_USED':
      return 'its nonce was used'
    case 'REFUSED':
      return answer.why
    default:
      return unreachable(answer)
  }
}
