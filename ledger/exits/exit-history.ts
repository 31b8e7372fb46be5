import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { ExitFact } from './exit-fact.ts'
import { selectExitHistory } from './store/exit-history.ts'

/** All that happened to a partner's money since an instant, in the order in which it did. */
export async function exitHistory(
  { database }: Context,
  input: { readonly partner: Id<'ptr'>; readonly since: Date },
): Promise<readonly ExitFact[]> {
  return selectExitHistory(database.reads, input)
}
