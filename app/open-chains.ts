import type { TransactionSigner } from '../contracts/signer.ts'
import type { Log } from '../kernel/log.ts'
import type { Config } from './config.ts'
import { type Anchoring, openAnchoring } from './open-anchoring.ts'
import { openPayouts, type Payouts } from './open-payouts.ts'

/** The chains that a server works with, as far as they are configured. */
export type Chains = {
  readonly anchoring: Anchoring | undefined
  readonly payouts: Payouts | undefined
  readonly close: () => void
}

/** Opens what is configured; nothing is asked of a chain yet. A signer that is given takes the place of a configured key. */
export async function openChains(config: Config, log: Log, anchorSigner?: TransactionSigner): Promise<Chains> {
  const anchoring = await openAnchoring(config.anchor, anchorSigner)
  if (config.anchor?.contract !== undefined && anchoring === undefined) {
    log.warn({ contract: config.anchor.contract }, 'nobody signs anchors: set TRIBUTARY_ANCHOR_KEY or its file')
  }
  const payouts = await openPayouts(config.payout)
  return {
    anchoring,
    payouts,
    close: () => {
      anchoring?.close()
      payouts?.chain.close()
    },
  }
}
