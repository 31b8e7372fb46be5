import type { Context } from '../../database/context.ts'
import { unreachable } from '../../kernel/invariant.ts'
import type { AnchorChain, AnchorTurn, Broadcast } from './chain.ts'
import { type Attempt, noteSent } from './store/anchor-attempts.ts'

/** What is kept of an attempt whose fees the node found too low. */
export const UNDERPRICED = 'UNDERPRICED'

/** Hands an attempt to the node, and keeps what it said. */
export async function sendAttempt(context: Context, chain: AnchorChain, attempt: Attempt): Promise<AnchorTurn> {
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
