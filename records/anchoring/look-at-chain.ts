import type { Context } from '../../database/context.ts'
import type { AnchorHead, AnchorPolicy, AnchorTurn, AnchorViews } from './chain.ts'
import { compareAnchor } from './compare-anchor.ts'
import { noteHead, rememberChain, selectChainId } from './store/anchor-contracts.ts'

/** The chain, and the head of the contract there, with which the log agrees. */
export type Looked = { readonly chainId: bigint; readonly head: AnchorHead }

/**
 * Looks where the contract stands, keeps it, and holds the log against it. Sends nothing. Gives the turn's end when there
 * is no contract, or when the chain is another one or contradicts the log. Throws `CHAIN_UNAVAILABLE`.
 */
export async function lookAtChain(
  context: Context,
  { chain, policy }: { readonly chain: AnchorViews; readonly policy: Pick<AnchorPolicy, 'confirmations'> },
): Promise<Looked | AnchorTurn> {
  const { chainId, present } = await chain.identify()
  const known = await selectChainId(context.database.reads, chain.contract)
  if (known !== undefined && known !== chainId) return { state: 'STOPPED', why: wrongChain(known, chainId) }
  if (!present) return { state: 'WAITING', why: `the chain ${chainId} has no contract at ${chain.contract}` }
  const head = await chain.head()
  const confirmed = await chain.head(policy.confirmations)
  await context.database.transaction(async (tx) => {
    await rememberChain(tx, chain.contract, chainId)
    await noteHead(tx, chain.contract, { head, confirmedSize: confirmed.size, at: context.clock.now() })
  })
  const contradiction = await compareAnchor(context, head)
  return contradiction === undefined ? { chainId, head } : { state: 'STOPPED', why: contradiction }
}

function wrongChain(known: bigint, found: bigint): string {
  return `the contract was found on the chain ${known} before, and the node is of the chain ${found}`
}
