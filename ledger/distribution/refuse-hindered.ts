import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Round } from './round.ts'
import { selectHindered } from './store/payable.ts'

/**
 * Throws `WRONG_STATE` when something in a round may not be given out as planned: disputed since, its partner suspended, or
 * another account verified. The root cannot change, so such a round is cancelled and planned again.
 */
export async function refuseHindered(context: Context, tx: Transaction, round: Round): Promise<void> {
  const hindered = await selectHindered(tx, round.id, context.clock.now())
  if (hindered.length === 0) return
  const which = hindered.join(', ')
  throw new Fault(
    'WRONG_STATE',
    `the payout round ${round.id} is to be cancelled and planned again, because of ${which}`,
  )
}
