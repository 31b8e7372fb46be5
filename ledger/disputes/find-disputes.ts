import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Dispute } from './dispute.ts'
import { selectDisputesOf } from './store/disputes.ts'

/** The disputes of each of these statements that has any, the first opened first. */
export async function findDisputes(
  context: Context,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<Id<'sta'>, readonly Dispute[]>> {
  const disputes = await selectDisputesOf(context.database.reads, statements)
  return Map.groupBy(disputes, ({ statement }) => statement)
}
