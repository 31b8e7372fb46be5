import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { AnchorChain, AnchorPolicy, AnchorState, AnchorTurn } from './chain.ts'
import { chooseIntent } from './choose-intent.ts'
import { lookAtChain } from './look-at-chain.ts'
import { publishIntent } from './publish-intent.ts'
import { noteTurn, selectContract } from './store/anchor-contracts.ts'

/** A turn, and how many in a row the node was silent in. */
export type AnchorOutcome = AnchorTurn & { readonly failures: number }

/**
 * One turn of anchoring: looks at the contract, and does the next thing that brings our latest signed checkpoint there.
 * Call it again and again, from any number of processes: each turn begins at the contract's head, never at what was sent
 * or seen before, so crashes, lost or replaced transactions and reorganised blocks need no repair. A chain that is down
 * is an outcome, not an error. No transaction of the database is open while the network is waited for.
 */
export async function anchorLog(
  context: Context,
  { chain, policy }: { readonly chain: AnchorChain; readonly policy: AnchorPolicy },
): Promise<AnchorOutcome> {
  const { silent, ...turn } = await takeTurn(context, chain, policy)
    .then((taken) => ({ ...taken, silent: false }))
    .catch(waitForNode)
  const { before, failures } = await context.database.transaction(async (tx) => ({
    before: await selectContract(tx, chain.contract),
    failures: await noteTurn(tx, chain.contract, { ...turn, silent }),
  }))
  tell(context, turn, { contract: chain.contract, before: before?.state })
  return { ...turn, failures }
}

/** What stopped is told again and again; what waits is told once, it may wait for days. */
function tell(
  { log }: Context,
  { state, why }: AnchorTurn,
  { contract, before }: { readonly contract: string; readonly before: AnchorState | undefined },
): void {
  if (state === 'STOPPED') log.error({ contract, why }, 'anchoring stopped')
  if (state === 'WAITING' && before !== state) log.warn({ contract, why }, 'anchoring waits')
}

function waitForNode(error: unknown): AnchorTurn & { readonly silent: boolean } {
  if (!(error instanceof Fault) || !['CHAIN_UNAVAILABLE', 'CHAIN_REFUSED'].includes(error.code)) throw error
  return { state: 'WAITING', why: error.message, silent: true }
}

async function takeTurn(context: Context, chain: AnchorChain, policy: AnchorPolicy): Promise<AnchorTurn> {
  const looked = await lookAtChain(context, { chain, policy })
  if ('state' in looked) return looked
  const { chainId, head } = looked
  const chosen = await chooseIntent(context, { contract: chain.contract, head, everySeconds: policy.everySeconds })
  if ('state' in chosen) return chosen
  return publishIntent(context, { chain, policy, chainId, intent: chosen })
}
