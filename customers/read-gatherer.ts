import type { Database } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { createGatherer, type Gatherer } from '../kernel/gatherer.ts'
import type { CustomerView } from './customer-view.ts'
import type { Ask } from './tag-read.ts'

/** Answers asks with one statement, in their order. */
export type ReadStatement = (context: Context, asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>

/** Collects the reads of concurrent callers into one statement: the next batch forms while one runs. */
export type ReadGatherer = Gatherer<Ask, CustomerView | null>

/** Asks in one statement, statements at once (one for each connection of the pool), and asks that may wait. */
const LIMITS = {
  mostTogether: 128,
  batchesAtOnce: 2,
  mostWaiting: 20_000,
  tooMany: 'too many reads are waiting: try again later',
}

const gatherers = new WeakMap<Database, ReadGatherer>()

/** The one gatherer over a database's pool for disclosures; the keys and the log are those of the first context. */
export function gathererOf(context: Context, statement: ReadStatement): ReadGatherer {
  const known = gatherers.get(context.database) ?? createReadGatherer((asks) => statement(context, asks))
  gatherers.set(context.database, known)
  return known
}

/** Gathers reads for the work, which answers them in their order. Throws `THROTTLED` when too many are waiting. */
export function createReadGatherer(
  work: (asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>,
): ReadGatherer {
  return createGatherer({ work, ...LIMITS })
}
