import type { Context } from '../../database/context.ts'
import { createGatherer, type Gatherer } from '../../kernel/gatherer.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { checkEntry } from './entry.ts'
import {
  type DraftEntry,
  draftEntries,
  enterDrafts,
  type NewEntry,
  type PostedEntry,
  postEntries,
} from './post-entries.ts'

type Ask = { readonly context: Context; readonly entry: NewEntry }
type Answer = PostedEntry | Refusal
type Refusal = { readonly error: unknown }

const MOST_TOGETHER = 200
/** Two, so that the next batch is written while the last one's commit becomes durable. */
const BATCHES_AT_ONCE = 2
const MOST_WAITING = 20_000
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

/** One statement posts what needs nothing more; what it leaves is looked at in a transaction, entry by entry. */
async function postTogether(asks: readonly Ask[]): Promise<readonly Answer[]> {
  const [context] = asks.map((ask) => ask.context)
  if (context === undefined) return []
  const drafts = draftEntries(asks.map(({ entry }) => entry))
  const entered = await enterInTime(context, drafts)
  const posted = new Map(
    drafts.filter(({ reference }) => entered.has(reference)).map(({ entry, id }) => [entry, id] as const),
  )
  return mapBounded(asks, ALONE_AT_ONCE, async (ask) => {
    const id = posted.get(ask.entry)
    return id === undefined ? postAlone(ask) : { id, reference: ask.entry.reference, replayed: false }
  })
}

/** A statement that fails leaves nothing. Whatever it was is told to whom it concerns, when each is posted alone. */
async function enterInTime(context: Context, drafts: readonly DraftEntry[]): Promise<ReadonlySet<string>> {
  try {
    return await enterDrafts(context, context.database.entries, drafts)
  } catch (error) {
    context.log.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'entries are posted one by one')
    return new Set()
  }
}

async function postAlone({ context, entry }: Ask): Promise<Answer> {
  try {
    const [posted] = await context.database.transaction((tx) => postEntries(context, tx, [entry]))
    return posted ?? { error: new Error('an entry was posted without an answer') }
  } catch (error) {
    return { error }
  }
}
