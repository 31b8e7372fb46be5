import { Fault } from '../../kernel/fault.ts'
import type { PayoutChain } from './chain.ts'
import type { Round } from './round.ts'

/**
 * Throws `WRONG_STATE` when the configured contract is another one than the round was planned for: there its proofs would
 * hold nothing, and its money would be held until the deadline.
 */
export async function requirePlace(chain: PayoutChain, { id, chainId, contract, token }: Round): Promise<void> {
  const here = await chain.describe()
  if (here.chainId === chainId && here.contract === contract && here.token === token) return
  const where = `${contract} on chain ${chainId}, and ${here.contract} on chain ${here.chainId} is configured`
  throw new Fault('WRONG_STATE', `the payout round ${id} was planned for ${where}`)
}
