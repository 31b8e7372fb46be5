import type { Database, Reader } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import { invariant } from '../kernel/invariant.ts'
import type { CustomerView } from './customer-view.ts'
import type { Ask } from './tag-read.ts'

/** Answers asks with one statement, in their order. */
export type ReadStatement = (sql: Reader, asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>

/** Collects the reads of concurrent callers into one statement: the next batch forms while one runs. */
export type ReadGatherer = {
  readonly read: (asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>
}

/** Asks in one statement, statements at once (one for each connection of the pool), and asks that may wait. */
const MOST_TOGETHER = 128
const STATEMENTS_AT_ONCE = 2
const MOST_WAITING = 20_000

type Waiting = {
  readonly ask: Ask
  readonly resolve: (view: CustomerView | null) => void
  readonly reject: (error: unknown) => void
}

const gatherers = new WeakMap<Database, ReadGatherer>()

/** The one gatherer over a database's pool for disclosures. */
export function gathererOf(database: Database, statement: ReadStatement): ReadGatherer {
  const known = gatherers.get(database) ?? createGatherer((asks) => statement(database.disclosures, asks))
  gatherers.set(database, known)
  return known
}

/**
 * Gathers asks for the work, which answers them in their order. When it fails, all of its asks fail with its error.
 * An ask is never given to work that began before it was made. Throws `THROTTLED` when too many are waiting.
 */
export function createGatherer(
  work: (asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>,
): ReadGatherer {
  const waiting: Waiting[] = []
  let running = 0
  let scheduled = false

  const schedule = (): void => {
    if (scheduled || running === STATEMENTS_AT_ONCE || waiting.length === 0) return
    scheduled = true
    // after this turn of the event loop: requests that arrived together go together
    setImmediate(start)
  }
  const start = (): void => {
    scheduled = false
    while (running < STATEMENTS_AT_ONCE && waiting.length > 0) {
      running++
      void settle(waiting.splice(0, MOST_TOGETHER), work).finally(() => {
        running--
        schedule()
      })
    }
  }
  const enqueue = (ask: Ask): Promise<CustomerView | null> =>
    new Promise((resolve, reject) => waiting.push({ ask, resolve, reject }))

  return {
    read: (asks) => {
      if (waiting.length + asks.length > MOST_WAITING) {
        return Promise.reject(new Fault('THROTTLED', 'too many reads are waiting: try again later'))
      }
      const answers = Promise.all(asks.map(enqueue))
      schedule()
      return answers
    },
  }
}

async function settle(
  batch: readonly Waiting[],
  work: (asks: readonly Ask[]) => Promise<readonly (CustomerView | null)[]>,
): Promise<void> {
  try {
    const views = await work(batch.map(({ ask }) => ask))
    invariant(views.length === batch.length, 'each ask has an answer')
    batch.forEach(({ resolve }, index) => {
      resolve(views[index] ?? null)
    })
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
