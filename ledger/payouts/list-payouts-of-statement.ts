import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Payout } from './payout.ts'
import { selectPayoutsOfStatement } from './store/payouts.ts'

/** With a partner, only payouts of its own statement are found, and none before it was instructed. */
export type PayoutsOfStatementInput = { readonly statement: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined }

/** Every attempt to pay a statement by bank, or a part of it, the first one first. */
export async function listPayoutsOfStatement(
  context: Context,
  input: PayoutsOfStatementInput,
): Promise<readonly Payout[]> {
  return selectPayoutsOfStatement(context.database.reads, input)
}
