import type { Reader, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { prepareRecords } from '../../records/append-records.ts'
import { checkEntry, contentOf, type Entry } from './entry.ts'
import { makeAccounts, selectMissingAccounts } from './store/accounts.ts'
import { type EntryToInsert, enterEntries } from './store/enter-entries.ts'
import { selectByReference, selectReversed } from './store/entries.ts'

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
  const drafts = draftEntries(entries)
  const fresh = await enterWithAccounts(context, tx, drafts)
  const left = drafts.filter(({ reference }) => !fresh.has(reference))
  const standing = await selectByReference(tx, left.map(referenceOf))
  const faults = await faultsOf(
    tx,
    left.filter(({ reference }) => !standing.has(reference)),
  )
  const entered = new Map(
    drafts.filter(({ reference }) => fresh.has(reference)).map((draft) => [draft.reference, draft]),
  )
  return entries.map((entry) => {
    const { reference } = entry
    const posted = entered.get(reference)
    // the first of the same entries in one call is the one that was posted
    if (posted?.entry === entry) return { id: posted.id, reference, replayed: false }
    const stored = posted ?? standing.get(reference)
    if (stored === undefined) return faults.get(reference) ?? lockedPeriod(entry)
    return sameContent(stored, entry) ? { id: stored.id, reference, replayed: true } : otherEntry(entry)
  })
}

/** An entry with the ids that it will have. */
export type DraftEntry = EntryToInsert & { readonly entry: NewEntry }

/** Gives entries their ids; of several with the same reference the first one. */
export function draftEntries(entries: readonly NewEntry[]): readonly DraftEntry[] {
  const drafts = new Map<string, DraftEntry>()
  for (const entry of entries) {
    if (!drafts.has(entry.reference)) {
      drafts.set(entry.reference, { ...entry, id: newId('jre'), record: newId('rec'), entry })
    }
  }
  return [...drafts.values()]
}

/** Enters those that can be, where all accounts are there; one round trip. Gives their references. */
export async function enterDrafts(
  context: Context,
  sql: Reader,
  drafts: readonly DraftEntry[],
): Promise<ReadonlySet<string>> {
  const records = prepareRecords(
    context,
    drafts.map(({ entry, id, record }) => ({
      kind: 'journal_entry',
      id: record,
      data: { entry: id, ...contentOf(entry) },
      ...(entry.actor === undefined ? {} : { actor: entry.actor }),
    })),
  )
  return enterEntries(sql, drafts, records)
}

async function enterWithAccounts(
  context: Context,
  tx: Transaction,
  drafts: readonly DraftEntry[],
): Promise<ReadonlySet<string>> {
  const entered = await enterDrafts(context, tx, drafts)
  const left = drafts.filter(({ reference }) => !entered.has(reference))
  if (left.length === 0) return entered
  const missing = await selectMissingAccounts(tx, pathsOf(left))
  if (missing.size > 0) await makeAccounts(tx, [...missing])
  // also where nothing is missing now: another writer may have made the accounts since these were tried
  return new Set([...entered, ...(await enterDrafts(context, tx, left))])
}

function pathsOf(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ postings }) => postings.map(({ account }) => account)))
}

function referenceOf({ reference }: Entry): string {
  return reference
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
