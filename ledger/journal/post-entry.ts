import { LOCK_PATIENCE_MS } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { createGatherer, type Gatherer } from '../../kernel/gatherer.ts'
import { invariant } from '../../kernel/invariant.ts'
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
/** What became of an entry; `alone` when it could not be told together with others. */
type Answer = PostedEntry | Fault | 'alone'

const LIMITS = {
  mostTogether: 200,
  /** One for each connection of the pool: the next batch is written while the last one's commit becomes durable. */
  batchesAtOnce: 2,
  mostWaiting: 20_000,
  tooMany: 'too many entries are waiting to be posted: try again later',
}

const posters = new WeakMap<Context['database'], Map<string, Gatherer<Ask, Answer>>>()

/**
 * Posts one entry in a transaction of its own or of several such entries: those that callers post at the same time go
 * together, since a commit costs much the same for one and for many. The promise is that of `postEntries`: it resolves
 * when the entry is durable, and throws the same faults, or `THROTTLED` when too many are waiting. Neighbours do not
 * matter: what is wrong with an entry is told to its caller alone, one that has to wait for another transaction waits
 * alone, and entries of different periods are not posted together, because a period that is being locked makes its own
 * entries wait.
 */
export async function postEntry(context: Context, entry: NewEntry): Promise<PostedEntry> {
  checkEntry(entry)
  const own: NewEntry = { ...entry, actor: entry.actor ?? context.actor }
  const [answer = 'alone'] = await posterOf(context, own).ask([{ context, entry: own }])
  if (answer instanceof Fault) throw answer
  return answer === 'alone' ? postAlone(context, own) : answer
}

/** The one gatherer for a database and a period. */
function posterOf({ database }: Context, { period }: NewEntry): Gatherer<Ask, Answer> {
  const byPeriod = posters.get(database) ?? new Map<string, Gatherer<Ask, Answer>>()
  posters.set(database, byPeriod)
  const lane = period ?? ''
  const known = byPeriod.get(lane) ?? createGatherer({ ...LIMITS, work: postTogether })
  byPeriod.set(lane, known)
  return known
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
  const left = asks.map(({ entry }) => entry).filter((entry) => !answers.has(entry))
  const later = await postLeft(context, left)
  for (const [index, entry] of left.entries()) answers.set(entry, later[index] ?? 'alone')
  return asks.map(({ entry }) => answers.get(entry) ?? 'alone')
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

/** What is on new accounts, replayed or refused; when that fails as a whole, each is for itself. */
async function postLeft(context: Context, left: readonly NewEntry[]): Promise<readonly Answer[]> {
  if (left.length < 2) return left.map(() => 'alone')
  try {
    return await context.database.transaction((tx) => tryEntries(context, tx, left), {
      lockTimeoutMs: LOCK_PATIENCE_MS,
    })
  } catch (error) {
    sayAlone(context, error)
    return left.map(() => 'alone')
  }
}

function sayAlone({ log }: Context, error: unknown): void {
  log.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'entries are posted one by one')
}

async function postAlone(context: Context, entry: NewEntry): Promise<PostedEntry> {
  const [posted] = await context.database.transaction((tx) => postEntries(context, tx, [entry]))
  invariant(posted, 'an entry that was posted has an answer')
  return posted
}
