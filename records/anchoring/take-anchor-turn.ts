import type { Context } from '../../database/context.ts'
import { anchorLog } from './anchor-log.ts'
import type { AnchorChain, AnchorPolicy, AnchorTurn } from './chain.ts'
import { claimTurn, delayTurn } from './store/anchor-contracts.ts'

/** From one turn to the next, and not more than the pace of the anchors themselves. */
const PAUSE_SECONDS = 15
const LONGEST_PAUSE_SECONDS = 600

/**
 * A turn of {@link anchorLog} when one is due, `undefined` when none is: workers of all processes share one pace. While the
 * node is silent turns come more and more seldom, ten minutes apart at most.
 */
export async function takeAnchorTurn(
  context: Context,
  anchoring: { readonly chain: AnchorChain; readonly policy: AnchorPolicy },
): Promise<AnchorTurn | undefined> {
  const { contract } = anchoring.chain
  const pause = Math.min(PAUSE_SECONDS, anchoring.policy.everySeconds)
  const now = context.clock.now()
  const next = secondsAfter(now, pause)
  const due = await context.database.transaction((tx) => claimTurn(tx, contract, { now, next }))
  if (!due) return undefined
  const { failures, ...turn } = await anchorLog(context, anchoring)
  if (failures > 0) {
    const later = secondsAfter(now, Math.min(pause * 2 ** failures, LONGEST_PAUSE_SECONDS))
    await context.database.transaction((tx) => delayTurn(tx, contract, later))
  }
  return turn
}

function secondsAfter(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
