import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { selectStandingOf } from './store/standing-consents.ts'

/**
 * Which of some consents to a partner count at the moment the statement runs, by the database's clock. What may be read is
 * not told by this: that is asked anew by each statement that reads.
 */
export async function standingConsents(
  context: Context,
  asked: { readonly partner: Id<'ptr'>; readonly consents: readonly Id<'cns'>[] },
): Promise<ReadonlySet<Id<'cns'>>> {
  return selectStandingOf(context.database.reads, asked)
}
