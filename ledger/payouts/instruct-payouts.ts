import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { inBatches } from '../in-batches.ts'
import { postEntries } from '../journal/post-entries.ts'
import { changeBatch, type WhichBatch, whichBatch } from './change-batch.ts'
import { refuseOverdue } from './execution-date.ts'
import { moveBatch, requireStatus } from './move-batch.ts'
import { movePayouts } from './move-payouts.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { entriesOfInstruction } from './payout-entries.ts'
import { refuseHindered } from './refuse-hindered.ts'
import { selectPayoutsOfBatch, selectTaxToPost } from './store/payouts.ts'

/**
 * Instructs an approved batch: posts the tax that the journal does not have yet, and each payment, and fixes the file. From
 * here on the file may leave (`writePayoutFile`), the same however often it is made, and the batch can only end at the bank.
 * Throws `NOT_FOUND`, `INVALID_INPUT` (also for an execution date that is over), `IDEMPOTENCY_CONFLICT`, `WRONG_STATE`
 * unless it is approved and everything in it may still be paid as prepared, `FORBIDDEN` unless a member of the staff acts.
 */
export async function instructPayouts(context: Context, input: WhichBatch): Promise<PayoutBatch> {
  return changeBatch(context, {
    verb: 'instruct',
    input: parseExactly(whichBatch, input, 'instruction'),
    work: async (tx, batch) => {
      requireStatus(batch, ['APPROVED'])
      refuseOverdue(context, batch.executionDate)
      await refuseHindered(context, tx, batch)
      const event = { event: 'INSTRUCTED' } as const
      const at = await moveBatch(context, tx, { batch, event })
      await post(context, tx, { batch, at })
      await movePayouts(context, tx, { payouts: await selectPayoutsOfBatch(tx, batch.id), event })
    },
  })
}

async function post(
  context: Context,
  tx: Transaction,
  { batch, at }: { readonly batch: PayoutBatch; readonly at: Date },
): Promise<void> {
  const payouts = await selectPayoutsOfBatch(tx, batch.id)
  const taxes = await selectTaxToPost(tx, batch.id)
  await inBatches(payouts, (some) =>
    postEntries(
      context,
      tx,
      some.flatMap((payout) => {
        const tax = taxes.get(payout.id)
        invariant(tax, 'a payout has its tax')
        return entriesOfInstruction(payout, tax, at)
      }),
    ),
  )
}
