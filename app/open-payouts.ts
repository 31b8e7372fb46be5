import type { PayoutContract } from '../contracts/payout-contract.ts'
import type { TransactionSigner } from '../contracts/signer.ts'
import { Fault } from '../kernel/fault.ts'
import type { PayoutConfig } from './config.ts'
import { signerOf } from './signer-of.ts'

/** The contract that partners claim from, and what a transaction may cost. */
export type Payouts = Pick<PayoutConfig, 'budgetWei' | 'confirmations'> & { readonly chain: PayoutContract }

/** Joins payouts with their contract; `undefined` when none is configured. Nothing is asked of the chain yet. */
export async function openPayouts(config: PayoutConfig | undefined): Promise<Payouts | undefined> {
  if (config?.contract === undefined) return undefined
  const signer = await payoutSigner(config)
  const { openPayoutContract } = await import('../contracts/payout-contract.ts')
  const { rpcUrl, contract, budgetWei, confirmations } = config
  return { chain: openPayoutContract({ rpcUrl, contract, signer }), budgetWei, confirmations }
}

/** The same, for a command that cannot do without. Throws `CONFIG_INVALID`. */
export async function requirePayouts(config: PayoutConfig | undefined): Promise<Payouts> {
  const payouts = await openPayouts(config)
  if (payouts) return payouts
  throw new Fault('CONFIG_INVALID', 'set TRIBUTARY_PAYOUT_RPC and TRIBUTARY_PAYOUT_CONTRACT')
}

/** The signer of the configured key, if there is one. Throws `CONFIG_INVALID`. */
export async function payoutSigner({ key }: PayoutConfig): Promise<TransactionSigner | undefined> {
  return signerOf(key, 'TRIBUTARY_PAYOUT_KEY_FILE')
}
