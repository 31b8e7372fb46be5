import { LOCK_PATIENCE_MS } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
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
  tryEntries,
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

const UNANSWERED: Refusal = { error: new Error('an entry was posted without an answer') }

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

/** One statement posts what needs nothing more; what it leaves is looked at in a transaction. */
async function postTogether(asks: readonly Ask[]): Promise<readonly Answer[]> {
  const [context] = asks.map((ask) => ask.context)
  if (context === undefined) return []
  const drafts = draftEntries(asks.map(({ entry }) => entry))
  const entered = await enterInTime(context, drafts)
  const answers = new Map<NewEntry, Answer>()
  for (const { entry, id, reference } of drafts) {
    if (entered.has(reference)) answers.set(entry, { id, reference, replayed: false })
  }
  const left = asks.filter(({ entry }) => !answers.has(entry))
  const later = await postLeft(context, left)
  for (const [index, { entry }] of left.entries()) answers.set(entry, later[index] ?? UNANSWERED)
  return asks.map(({ entry }) => answers.get(entry) ?? UNANSWERED)
}

/** A statement that fails leaves nothing. Whatever it was is told to whom it concerns, when each is posted alone. */
async function enterInTime(context: Context, drafts: readonly DraftEntry[]): Promise<ReadonlySet<string>> {
  try {
    return await enterDrafts(context, context.database.entries, drafts)
  } catch (error) {
    sayAlone(context, error)
    return new Set()
  }
}

/** What is on new accounts, or refused; when that fails as a whole, each alone. */
async function postLeft(context: Context, left: readonly Ask[]): Promise<readonly Answer[]> {
  const [only] = left
  if (only === undefined) return []
  if (left.length === 1) return [await postAlone(only)]
  const entries = left.map(({ entry }) => entry)
  try {
    const outcomes = await context.database.transaction((tx) => tryEntries(context, tx, entries), {
      lockTimeoutMs: LOCK_PATIENCE_MS,
    })
    return outcomes.map((outcome) => (outcome instanceof Fault ? { error: outcome } : outcome))
  } catch (error) {
    sayAlone(context, error)
    return mapBounded(left, ALONE_AT_ONCE, postAlone)
  }
}

function sayAlone({ log }: Context, error: unknown): void {
  log.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'entries are posted one by one')
}

async function postAlone({ context, entry }: Ask): Promise<Answer> {
  try {
    const [posted] = await context.database.transaction((tx) => postEntries(context, tx, [entry]))
    return posted ?? UNANSWERED
  } catch (error) {
    return { error }
  }
}
