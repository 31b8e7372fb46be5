import type { TransactionSigner } from '../contracts/signer.ts'
import type { AnchorChain, AnchorPolicy, AnchorViews } from '../records/anchoring/chain.ts'
import type { AnchorConfig } from './config.ts'
import { signerOf } from './signer-of.ts'

/** A chain that the log is anchored on, and how. */
export type Anchoring = Opened<AnchorChain>

type Opened<Chain> = { readonly chain: Chain; readonly policy: AnchorPolicy; readonly close: () => void }

/**
 * Joins the log with the contract that it is anchored in; `undefined` when none is configured, or nobody who signs. A signer
 * that is given takes the place of a configured key. Nothing is asked of the chain yet.
 */
export async function openAnchoring(
  config: AnchorConfig | undefined,
  given?: TransactionSigner,
): Promise<Anchoring | undefined> {
  if (config?.contract === undefined) return undefined
  const signer = given ?? (await anchorSigner(config))
  if (signer === undefined) return undefined
  const { openAnchorContract } = await import('../contracts/anchor-contract.ts')
  const { rpcUrl, contract, policy } = config
  const chain = openAnchorContract({ rpcUrl, contract, signer })
  return { chain, policy, close: chain.close }
}

/** The contract, to be read: no key is needed. `undefined` when none is configured. */
export async function openAnchorReader(config: AnchorConfig | undefined): Promise<Opened<AnchorViews> | undefined> {
  if (config?.contract === undefined) return undefined
  const { openAnchorViews } = await import('../contracts/anchor-contract.ts')
  const { rpcUrl, contract, policy } = config
  const chain = openAnchorViews({ rpcUrl, contract })
  return { chain, policy, close: chain.close }
}

/** The signer of the configured key. Throws `CONFIG_INVALID` when its file cannot be read or holds no key. */
export async function anchorSigner({ key }: AnchorConfig): Promise<TransactionSigner | undefined> {
  return signerOf(key, 'TRIBUTARY_ANCHOR_KEY_FILE')
}
