import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import { readConfig } from '../../config.ts'
import { type Payouts, requirePayouts } from '../../open-payouts.ts'
import { act, type Outcome } from '../act.ts'

/** Runs a command that needs the contract, and lets go of the node after it. */
export async function actOnChain(
  command: Command,
  work: (context: Context, payouts: Payouts) => Promise<Outcome>,
): Promise<void> {
  await act(command, async (context) => {
    const payouts = await requirePayouts(readConfig(process.env).payout)
    return work(context, payouts).finally(payouts.chain.close)
  })
}
