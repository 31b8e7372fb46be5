import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { holdStatements } from '../store/hold-statements.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { selectHinderedPayouts } from './store/payable.ts'
import { selectPayoutsOfBatch } from './store/payouts.ts'

/**
 * Holds the statements of a batch, and throws `WRONG_STATE` when one may not be paid as prepared: disputed since, its partner
 * suspended, another account verified, its invoice withdrawn. What was prepared is what is approved, so that such a batch is
 * cancelled and prepared again without it. Source: ADR 0023.
 */
export async function refuseHindered(context: Context, tx: Transaction, { id }: PayoutBatch): Promise<void> {
  const payouts = await selectPayoutsOfBatch(tx, id)
  await holdStatements(
    tx,
    payouts.map(({ statement }) => statement),
  )
  const hindered = await selectHinderedPayouts(tx, id, context.clock.now())
  if (hindered.length === 0) return
  const which = hindered.map(({ number, hindrance }) => `${number} (${hindrance})`).join(', ')
  const what = `the payout batch ${id} is to be cancelled and prepared again, because of ${which}`
  throw new Fault('WRONG_STATE', what, { field: 'batch' })
}
