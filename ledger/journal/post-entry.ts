import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { createGatherer, type Gatherer } from '../../kernel/gatherer.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { checkEntry } from './entry.ts'
import { type NewEntry, type PostedEntry, postEntries, tryEntries } from './post-entries.ts'
import { waitAtMost } from './store/waits.ts'

type Ask = { readonly context: Context; readonly entry: NewEntry }
type Answer = PostedEntry | Refusal
type Refusal = { readonly error: unknown }

const MOST_TOGETHER = 200
/** Two, so that the next batch is written while the last one's commit becomes durable. */
const BATCHES_AT_ONCE = 2
const MOST_WAITING = 20_000
/** How long a batch waits for somebody else's transaction. */
const PATIENCE_MS = 100
/** How many entries are posted alone at once; the pool has other work. */
const ALONE_AT_ONCE = 4

const posters = new WeakMap<Context['database'], Map<string, Gatherer<Ask, Answer>>>()

/**
 * Posts one entry in a transaction of its own or of several such entries: those that callers post at the same time go
 * together, since a commit costs much the same for one and for many. The promise is that of {@link postEntries}: it
 * resolves when the entry is durable, and throws the same faults. A neighbour changes nothing of it: what is wrong with an
 * entry is told to its caller alone, one that has to wait for another transaction waits alone, and entries of different
 * periods are not posted together, because a period that is being locked makes its entries wait.
 */
export async function postEntry(context: Context, entry: NewEntry): Promise<PostedEntry> {
  checkEntry(entry)
  const own: NewEntry = { ...entry, actor: entry.actor ?? context.actor }
  const [answer] = await posterOf(context, own).ask([{ context, entry: own }])
  if (answer === undefined || 'error' in answer) throw answer?.error
  return answer
}

/** The one gatherer for a database and a period. */
function posterOf({ database }: Context, { period }: NewEntry): Gatherer<Ask, Answer> {
  const byPeriod = posters.get(database) ?? new Map<string, Gatherer<Ask, Answer>>()
  posters.set(database, byPeriod)
  const lane = period ?? ''
  const known = byPeriod.get(lane) ?? makePoster()
  byPeriod.set(lane, known)
  return known
}

function makePoster(): Gatherer<Ask, Answer> {
  return createGatherer({
    work: postTogether,
    mostTogether: MOST_TOGETHER,
    batchesAtOnce: BATCHES_AT_ONCE,
    mostWaiting: MOST_WAITING,
    tooMany: 'too many entries are waiting to be posted: try again later',
  })
}

async function postTogether(asks: readonly Ask[]): Promise<readonly Answer[]> {
  const [first] = asks
  if (first === undefined) return []
  if (asks.length === 1) return [await postAlone(first)]
  try {
    const outcomes = await first.context.database.transaction((tx) => tryInTime(first.context, tx, asks))
    return outcomes.map((outcome) => (outcome instanceof Fault ? { error: outcome } : outcome))
  } catch {
    // whatever it was, it is told to whom it concerns; a batch that was posted after all is replayed
    return mapBounded(asks, ALONE_AT_ONCE, postAlone)
  }
}

async function tryInTime(
  context: Context,
  tx: Transaction,
  asks: readonly Ask[],
): Promise<readonly (PostedEntry | Fault)[]> {
  const entries = asks.map(({ entry }) => entry)
  // sent together, in this order
  const [, outcomes] = await Promise.all([waitAtMost(tx, PATIENCE_MS), tryEntries(context, tx, entries)])
  return outcomes
}

async function postAlone({ context, entry }: Ask): Promise<Answer> {
  try {
    const [posted] = await context.database.transaction((tx) => postEntries(context, tx, [entry]))
    return posted ?? { error: new Error('an entry was posted without an answer') }
  } catch (error) {
    return { error }
  }
}
