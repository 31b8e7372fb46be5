import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { checkEntry, contentOf, type Entry } from './entry.ts'
import { makeAccounts, selectMissingAccounts } from './store/accounts.ts'
import {
  type EntryToInsert,
  insertEntries,
  insertPostings,
  type StoredEntry,
  selectByReference,
  selectReversed,
} from './store/entries.ts'

/** An entry to post. */
export type NewEntry = Entry & {
  /** Who posts it, where it is not whom the context acts for. */
  readonly actor?: Actor
}

/** An entry that stands in the journal; `replayed` when it stood there before. */
export type PostedEntry = { readonly id: Id<'jre'>; readonly reference: string; readonly replayed: boolean }

/**
 * Posts entries in the caller's transaction, each with its record; any number of them takes the same few statements.
 * Under a reference only one entry is ever posted: the same one again is `replayed`. Answers stand in the order given.
 * Throws `UNBALANCED`, `INVALID_INPUT`, `PERIOD_LOCKED`, `ALREADY_REVERSED`, `NOT_FOUND` when there is no entry to reverse,
 * and `IDEMPOTENCY_CONFLICT` when the reference stands for another entry; the transaction must be given up then.
 */
export async function postEntries(
  context: Context,
  tx: Transaction,
  entries: readonly NewEntry[],
): Promise<readonly PostedEntry[]> {
  for (const entry of entries) checkEntry(entry)
  return (await tryEntries(context, tx, entries)).map((outcome) => {
    if (outcome instanceof Fault) throw outcome
    return outcome
  })
}

/**
 * Posts those of the checked entries that can be, and says of the others why not; what is refused in the moment in which
 * it is written (a period is just being locked) is thrown, and the transaction must be given up.
 */
export async function tryEntries(
  context: Context,
  tx: Transaction,
  entries: readonly NewEntry[],
): Promise<readonly (PostedEntry | Fault)[]> {
  if (entries.length === 0) return []
  const wanted = new Map<string, NewEntry>()
  for (const entry of entries) if (!wanted.has(entry.reference)) wanted.set(entry.reference, entry)
  const drafts = [...wanted.values()].map((entry) => ({ ...entry, id: newId('jre'), record: newId('rec') }))
  const fresh = await insertFresh(context, tx, drafts)
  const left = drafts.filter(({ reference }) => !fresh.has(reference))
  const standing = await selectByReference(
    tx,
    left.map(({ reference }) => reference),
  )
  const faults = await faultsOf(
    tx,
    left.filter(({ reference }) => !standing.has(reference)),
  )
  return entries.map((entry) => {
    const { reference } = entry
    const posted = fresh.get(reference)
    // the first of the same entries in one call is the one that was posted
    if (posted && wanted.get(reference) === entry) return { id: posted.id, reference, replayed: false }
    const stored = posted ?? standing.get(reference)
    if (stored === undefined) return faults.get(reference) ?? lockedPeriod(entry)
    return sameContent(stored, entry) ? { id: stored.id, reference, replayed: true } : otherEntry(entry)
  })
}

/** Posts what can be, with records and accounts; two round trips when all accounts are there. */
async function insertFresh(
  context: Context,
  tx: Transaction,
  drafts: readonly (EntryToInsert & NewEntry)[],
): Promise<ReadonlyMap<string, StoredEntry>> {
  const at = context.clock.now()
  // sent together, so that the second does not wait for the first one's answer
  const [inserted, missing] = await Promise.all([insertEntries(tx, drafts, at), missingAccounts(tx, drafts)])
  const fresh = drafts.filter(({ reference }) => inserted.has(reference))
  if (fresh.length === 0) return new Map()
  await makeAccounts(
    tx,
    [...pathsOf(fresh)].filter((path) => missing.has(path)),
  )
  // an entry says that it was posted when its record says so
  const atThatTime: Context = { ...context, clock: { now: () => at } }
  const records = fresh.map((entry) => ({
    kind: 'journal_entry' as const,
    id: entry.record,
    data: { entry: entry.id, ...contentOf(entry) },
    ...(entry.actor === undefined ? {} : { actor: entry.actor }),
  }))
  const [appended] = await Promise.all([appendRecords(atThatTime, tx, records), insertPostings(tx, fresh)])
  invariant(appended.length === fresh.length, 'every entry is posted with its record')
  return new Map(fresh.map((entry) => [entry.reference, entry]))
}

function missingAccounts(tx: Transaction, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  return selectMissingAccounts(tx, pathsOf(entries))
}

function pathsOf(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ postings }) => postings.map(({ account }) => account)))
}

/** Why entries were not inserted whose references do not stand, by reference. */
async function faultsOf(tx: Transaction, refused: readonly NewEntry[]): Promise<ReadonlyMap<string, Fault>> {
  const reversed = await selectReversed(
    tx,
    refused.flatMap(({ reverses }) => (reverses === undefined ? [] : [reverses])),
  )
  return new Map(
    refused.map((entry) => [
      entry.reference,
      entry.reverses !== undefined && reversed.has(entry.reverses)
        ? new Fault('ALREADY_REVERSED', `the entry ${entry.reverses} is reversed already`)
        : lockedPeriod(entry),
    ]),
  )
}

function lockedPeriod({ reference, period }: Entry): Fault {
  return new Fault('PERIOD_LOCKED', `the period ${period ?? ''} of the entry ${reference} is locked`)
}

function otherEntry({ reference }: Entry): Fault {
  return new Fault('IDEMPOTENCY_CONFLICT', `another entry is posted under the reference ${reference}`)
}

function sameContent(one: Entry, other: Entry): boolean {
  return canonicalJson(contentOf(one)) === canonicalJson(contentOf(other))
}
