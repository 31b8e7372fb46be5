import { savepoint, type Transaction } from '../../database/client.ts'
import { violatedConstraint } from '../../database/constraint-faults.ts'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { checkEntry, contentOf, type Entry } from './entry.ts'
import { accountIds } from './store/accounts.ts'
import { insertEntries, type StoredEntry, selectByReference } from './store/entries.ts'

/** An entry to post. */
export type NewEntry = Entry

/** An entry that stands in the journal; `replayed` when it stood there before. */
export type PostedEntry = { readonly id: Id<'jre'>; readonly reference: string; readonly replayed: boolean }

/**
 * Posts entries in the caller's transaction, each with its record; any number of them takes the same few statements.
 * Under a reference only one entry is ever posted: the same one again is `replayed`. Answers stand in the order given.
 * Throws `UNBALANCED`, `INVALID_INPUT`, `PERIOD_LOCKED`, and `IDEMPOTENCY_CONFLICT` when the reference stands for another
 * entry.
 */
export async function postEntries(
  context: Context,
  tx: Transaction,
  entries: readonly NewEntry[],
): Promise<readonly PostedEntry[]> {
  if (entries.length === 0) return []
  for (const entry of entries) checkEntry(entry)
  const wanted = oncePerReference(entries)
  const fresh = new Set<string>()
  const standing = await postUntilSettled(context, tx, { wanted, fresh })
  return entries.map(({ reference }) => {
    const id = standing.get(reference)
    invariant(id, 'every entry that was posted stands in the journal')
    // the first of the same entries in one call is the one that was posted
    return { id, reference, replayed: !fresh.delete(reference) }
  })
}

/** Throws `IDEMPOTENCY_CONFLICT`. */
function oncePerReference(entries: readonly NewEntry[]): ReadonlyMap<string, NewEntry> {
  const wanted = new Map<string, NewEntry>()
  for (const entry of entries) {
    const same = wanted.get(entry.reference)
    if (same) refuseOther(same, entry)
    else wanted.set(entry.reference, entry)
  }
  return wanted
}

function refuseOther(standing: Entry, entry: Entry): void {
  if (canonicalJson(contentOf(standing)) !== canonicalJson(contentOf(entry))) {
    throw new Fault('IDEMPOTENCY_CONFLICT', `another entry is posted under the reference ${entry.reference}`)
  }
}

type Batch = { readonly wanted: ReadonlyMap<string, NewEntry>; readonly fresh: Set<string> }

/** Gives the ids by reference. Each time that another transaction was first, its entries stand by then, and it tries again. */
async function postUntilSettled(
  context: Context,
  tx: Transaction,
  { wanted, fresh }: Batch,
): Promise<ReadonlyMap<string, Id<'jre'>>> {
  for (;;) {
    const standing = await selectByReference(tx, [...wanted.keys()])
    for (const stored of standing.values()) refuseOther(stored, wanted.get(stored.reference) ?? stored)
    const missing = [...wanted.values()].filter(({ reference }) => !standing.has(reference))
    const posted = await postMissing(context, tx, missing)
    if (!posted) continue
    for (const { reference } of posted) fresh.add(reference)
    return new Map([...standing.values(), ...posted].map(({ reference, id }) => [reference, id]))
  }
}

/** `undefined` when another transaction has posted one of them meanwhile; nothing is left of the attempt then. */
async function postMissing(
  context: Context,
  tx: Transaction,
  entries: readonly NewEntry[],
): Promise<readonly StoredEntry[] | undefined> {
  if (entries.length === 0) return []
  const accounts = await accountIds(tx, new Set(entries.flatMap(({ postings }) => postings.map((p) => p.account))))
  const posted = entries.map((entry) => ({ ...entry, id: newId('jre') }))
  try {
    // records are appended before the entries that name them, hence taken back together with them
    await savepoint(tx, async (sql) => {
      const records = await appendRecords(
        context,
        sql,
        posted.map((entry) => ({ kind: 'journal_entry', data: { entry: entry.id, ...contentOf(entry) } })),
      )
      await insertEntries(sql, { entries: posted, records, accounts })
    })
  } catch (error) {
    if (violatedConstraint(error) === 'journal_entries_reference_key') return
    throw error
  }
  return posted
}
