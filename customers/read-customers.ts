import type { Context } from '../database/context.ts'
import type { PartnerCaller } from '../kernel/caller.ts'
import type { CustomerView, TagRead } from './customer-view.ts'
import { gathererOf } from './read-gatherer.ts'
import { readTags } from './store/read-tags.ts'
import { parseAsks } from './tag-read.ts'

export type ReadCustomersInput = { readonly caller: PartnerCaller; readonly reads: readonly TagRead[] }

/**
 * Reads tags under consent, in the order asked; null where nothing may be read, for whatever reason. Each read leaves a
 * disclosure, and no answer is given before it is durable. Reads of concurrent callers share one statement, which begins
 * after this was called: what was revoked before is not seen. Throws `INVALID_INPUT`, `THROTTLED` when too many reads are
 * waiting, and `DATABASE_UNAVAILABLE` or `TIMEOUT`, without an answer to any of them. Source: DESIGN invariants 9 to 11.
 */
export async function readCustomers(
  context: Context,
  { caller, reads }: ReadCustomersInput,
): Promise<readonly (CustomerView | null)[]> {
  const asks = parseAsks(caller, reads)
  return gathererOf(context, readTags).ask(asks)
}
