import type { Context } from '../../database/context.ts'
import { anchorLog } from './anchor-log.ts'
import type { AnchorChain, AnchorPolicy, AnchorTurn } from './chain.ts'
import { claimTurn, delayTurn } from './store/anchor-contracts.ts'

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
  const now = context.clock.now()
  const due = await context.database.transaction((tx) => claimTurn(tx, contract, { now, next: after(now, 0) }))
  if (!due) return undefined
  const { failures, ...turn } = await anchorLog(context, anchoring)
  if (failures > 0) await context.database.transaction((tx) => delayTurn(tx, contract, after(now, failures)))
  return turn
}

function after(now: Date, failures: number): Date {
  const pause = Math.min(PAUSE_SECONDS * 2 ** failures, LONGEST_PAUSE_SECONDS)
  return new Date(now.getTime() + pause * 1000)
}
