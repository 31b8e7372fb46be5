import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { AnchorChain, AnchorHead, AnchorPolicy, AnchorTurn } from './chain.ts'
import { chooseIntent } from './choose-intent.ts'
import { compareAnchor } from './compare-anchor.ts'
import { publishIntent } from './publish-intent.ts'
import { noteHead, noteTurn, rememberChain, selectChainId } from './store/anchor-contracts.ts'

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
  if (turn.state === 'STOPPED') context.log.error({ contract: chain.contract, why: turn.why }, 'anchoring stopped')
  if (turn.state === 'WAITING') context.log.warn({ contract: chain.contract, why: turn.why }, 'anchoring waits')
  const failures = await context.database.transaction((tx) => noteTurn(tx, chain.contract, { ...turn, silent }))
  return { ...turn, failures }
}

function waitForNode(error: unknown): AnchorTurn & { readonly silent: boolean } {
  if (!(error instanceof Fault) || !['CHAIN_UNAVAILABLE', 'CHAIN_REFUSED'].includes(error.code)) throw error
  return { state: 'WAITING', why: error.message, silent: true }
}

async function takeTurn(context: Context, chain: AnchorChain, policy: AnchorPolicy): Promise<AnchorTurn> {
  const { chainId, present } = await chain.identify()
  const known = await selectChainId(context.database.reads, chain.contract)
  if (known !== undefined && known !== chainId) return { state: 'STOPPED', why: wrongChain(known, chainId) }
  if (!present) return { state: 'WAITING', why: `the chain ${chainId} has no contract at ${chain.contract}` }
  const head = await chain.head()
  const confirmed = await chain.head(policy.confirmations)
  await remember(context, chain, { chainId, head, confirmedSize: confirmed.size })
  const contradiction = await compareAnchor(context, head)
  if (contradiction !== undefined) return { state: 'STOPPED', why: contradiction }
  const chosen = await chooseIntent(context, { contract: chain.contract, head, everySeconds: policy.everySeconds })
  if ('state' in chosen) return chosen
  return publishIntent(context, { chain, policy, chainId, intent: chosen })
}

function wrongChain(known: bigint, found: bigint): string {
  return `the contract was found on the chain ${known} before, and the node is of the chain ${found}`
}

async function remember(
  context: Context,
  { contract }: AnchorChain,
  seen: { readonly chainId: bigint; readonly head: AnchorHead; readonly confirmedSize: bigint },
): Promise<void> {
  await context.database.transaction(async (tx) => {
    await rememberChain(tx, contract, seen.chainId)
    await noteHead(tx, contract, { ...seen, at: context.clock.now() })
  })
}
