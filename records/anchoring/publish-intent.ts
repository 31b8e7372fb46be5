import type { Context } from '../../database/context.ts'
import { unreachable } from '../../kernel/invariant.ts'
import type { AnchorChain, AnchorTurn, Nonces } from './chain.ts'
import { sendAttempt, UNDERPRICED } from './send-attempt.ts'
import { type Publishing, signAttempt } from './sign-attempt.ts'
import { type Attempt, selectHashes, selectLastAttempt } from './store/anchor-attempts.ts'

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
  if (!last) return signAttempt(context, publishing, { nonces, last })
  const found = await chain.find(last.hash)
  switch (found) {
    case 'MINED':
      // the head was read a moment before; the next turn sees what became of it
      return { state: 'PENDING', hash: last.hash }
    case 'REVERTED':
      return signAttempt(context, publishing, { nonces, last })
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
  return overdue ? signAttempt(context, publishing, { nonces, last }) : { state: 'PENDING', hash: last.hash }
}

async function sendOrReplace(
  context: Context,
  publishing: Publishing,
  { nonces, last }: Standing,
): Promise<AnchorTurn> {
  // another account's, or its number was used by another transaction, or it is behind a gap that it cannot fill
  const foreign = last.publisher !== publishing.chain.publisher.toLowerCase()
  const lost = foreign || last.nonce < nonces.mined || last.nonce > nonces.pending
  if (lost) return signAttempt(context, publishing, { nonces, last })
  if (last.refused !== UNDERPRICED) return sendAttempt(context, publishing.chain, last)
  if (last.nonce < nonces.pending && !(await waitsOfOurs(context, publishing.chain, last.nonce))) {
    return {
      state: 'WAITING',
      why: `another transaction of ${publishing.chain.publisher} waits with the nonce ${last.nonce}`,
    }
  }
  return signAttempt(context, publishing, { nonces, last })
}

async function waitsOfOurs(context: Context, chain: AnchorChain, nonce: number): Promise<boolean> {
  for (const hash of await selectHashes(context.database.reads, chain, nonce)) {
    if ((await chain.find(hash)) === 'PENDING') return true
  }
  return false
}
