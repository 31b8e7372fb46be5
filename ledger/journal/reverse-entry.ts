import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { contentOf } from './entry.ts'
import type { NewEntry, PostedEntry } from './post-entries.ts'
import { postEntry } from './post-entry.ts'
import { type StandingEntry, type StoredEntry, selectEntry } from './store/entries.ts'

export type ReverseEntryInput = {
  readonly entry: Id<'jre'>
  /** Why; it stands in the description. */
  readonly reason: string
  /** Under which it is posted once; `reversal:` and the entry's id unless given. */
  readonly reference?: string | undefined
  /** Its time; now unless given, and never before the entry's own. */
  readonly at?: Date | undefined
  /** The period it belongs to: that of the entry unless given, none when `null`. */
  readonly period?: Id<'per'> | null | undefined
}

/**
 * Takes an entry back by another one: the same postings with their signs turned, linked by `reverses`. An entry is
 * reversed once; the same request again is `replayed`. A reversal is an entry like any other: it may itself be reversed,
 * which puts back what it took, while the first entry stays reversed. See ADR 7.
 * Throws `NOT_FOUND`, `ALREADY_REVERSED`, `PERIOD_LOCKED` (name the open period in which it is to land), and what
 * `postEntry` throws.
 */
export async function reverseEntry(context: Context, input: ReverseEntryInput): Promise<PostedEntry> {
  const reversed = await requireEntry(context, input.entry)
  const reversal = reversalOf(reversed, input, context.clock.now())
  const before = await replayOf(context, reversed, { input, reversal })
  if (before) return before
  try {
    return await postEntry(context, reversal)
  } catch (error) {
    // the same request may have been first on another process, a moment earlier and so with another time
    const meanwhile = await replayOf(context, await requireEntry(context, input.entry), { input, reversal })
    if (meanwhile) return meanwhile
    throw error
  }
}

async function requireEntry(context: Context, id: Id<'jre'>): Promise<StandingEntry> {
  const entry = await selectEntry(context.database.reads, id)
  if (entry === undefined) throw new Fault('NOT_FOUND', `there is no entry ${id}`, { field: 'entry' })
  return entry
}

function reversalOf(entry: StandingEntry, input: ReverseEntryInput, now: Date): NewEntry {
  const at = input.at ?? (now < entry.at ? entry.at : now)
  if (at < entry.at) {
    throw new Fault('INVALID_INPUT', 'a reversal is not dated before what it reverses', { field: 'at' })
  }
  if (input.reason.trim() === '') throw new Fault('INVALID_INPUT', 'a reversal needs a reason', { field: 'reason' })
  const period = input.period === undefined ? entry.period : (input.period ?? undefined)
  return {
    at,
    description: `Reversal: ${input.reason}`,
    reference: input.reference ?? `reversal:${entry.id}`,
    ...(period === undefined ? {} : { period }),
    reverses: entry.id,
    postings: entry.postings.map((posting) => ({ ...posting, minor: -posting.minor })),
  }
}

/** The reversal that stands when it is the one asked for. Throws `ALREADY_REVERSED` when it is another one. */
async function replayOf(
  context: Context,
  { id, reversedBy }: StandingEntry,
  { input, reversal }: { readonly input: ReverseEntryInput; readonly reversal: NewEntry },
): Promise<PostedEntry | undefined> {
  if (reversedBy === undefined) return undefined
  const standing = await requireEntry(context, reversedBy)
  // who names no time does not ask for another one
  const asked = input.at === undefined ? { ...reversal, at: standing.at } : reversal
  if (!sameReversal(standing, asked)) throw new Fault('ALREADY_REVERSED', `the entry ${id} is reversed already`)
  return { id: standing.id, reference: standing.reference, replayed: true }
}

function sameReversal(standing: StoredEntry, asked: NewEntry): boolean {
  return canonicalJson(contentOf(standing)) === canonicalJson(contentOf(asked))
}
