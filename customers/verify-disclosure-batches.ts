import type { Context } from '../database/context.ts'
import { rootOfEntries } from '../records/merkle/entry-tree.ts'
import { readBody } from '../records/record-body.ts'
import { type Finding, type Findings, findings } from '../records/verify/findings.ts'
import { type DisclosureFact, disclosureHasher } from './disclosure-entry.ts'
import {
  type StoredBatch,
  selectBatchesAfter,
  selectBatchHead,
  selectUnkeptBatches,
} from './store/disclosure-batches.ts'
import { selectFactsBetween } from './store/disclosure-facts.ts'

export type VerifyBatchesOptions = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

const BATCHES_AT_ONCE = 100
const MOST_UNKEPT = 1000
/** However many were put into a batch, no more of them are read. */
const MOST_TOO_MANY = 1000

/**
 * Checks every batch of disclosures and says what is wrong and where: its record says what is kept of it, its disclosures
 * are as many, and the root over them is the one in the log. Memory does not grow with the disclosures. Whether the log
 * is as it was signed is for `verifyRecords`. Source: DESIGN invariants 7 and 10.
 */
export async function verifyDisclosureBatches(
  context: Context,
  { onProgress }: VerifyBatchesOptions = {},
): Promise<readonly Finding[]> {
  const { reads } = context.database
  const found = findings()
  // the head first: what is made meanwhile is beyond it
  const head = await selectBatchHead(reads)
  if (!head) found.add('the batches of disclosures', 'their head is missing')
  let last: StoredBatch | undefined
  // those of a log that was taken over have their disclosures elsewhere
  const takenOver = head?.takenOver ?? 0
  let done = takenOver
  for (;;) {
    const batches = await selectBatchesAfter(reads, done, BATCHES_AT_ONCE)
    for (const each of batches) {
      // where the one before is missing, nobody knows where this one begins
      if (each.batch !== done + 1) found.add(`batch ${done + 1} of disclosures`, 'it is missing')
      else checkBatch(context, each, await factsOf(context, each), found)
      if (each.batch === head?.batch) last = each
      done = each.batch
      onProgress?.({ done, total: Math.max(done, head?.batch ?? 0) })
    }
    if (batches.length === 0) break
  }
  if (head && head.batch > takenOver && !isSame(last?.through, head.through)) {
    found.add('the batches of disclosures', 'the last one is not where their head stands')
  }
  for (const id of await selectUnkeptBatches(reads, MOST_UNKEPT)) {
    found.add(`record ${id}`, 'the batch of disclosures that it tells of is not kept')
  }
  return found.list()
}

function factsOf({ database }: Context, { after, through, count }: StoredBatch): Promise<readonly DisclosureFact[]> {
  return selectFactsBetween(database.reads, { after, through, limit: count + MOST_TOO_MANY })
}

function isSame(a: StoredBatch['through'] | undefined, b: StoredBatch['through']): boolean {
  return a?.txId === b.txId && a.disclosure === b.disclosure
}

function checkBatch(context: Context, stored: StoredBatch, facts: readonly DisclosureFact[], found: Findings): void {
  const where = `batch ${stored.batch} of disclosures`
  const told = stored.body === undefined ? undefined : readData(stored.body)
  if (!told) {
    found.add(where, 'its record is missing')
    return
  }
  for (const name of wrongColumns(stored, told)) found.add(where, `its ${name} is not the one in its record`)
  const sealed = Number(told['count'])
  for (const { id } of facts.filter(({ at }) => at < String(told['firstAt']) || at > String(told['lastAt']))) {
    found.add(where, `disclosure ${id} has a time that none in it had`)
  }
  if (facts.length !== sealed) {
    const [more, fewer] = [facts.length - sealed, sealed - facts.length]
    found.add(
      where,
      more > 0 ? `${more} disclosures too many stand in it` : `${fewer} of its ${sealed} disclosures are missing`,
    )
    return
  }
  const root = rootOfEntries(Buffer.concat(facts.map(disclosureHasher(context.keyring).entryOf)))
  if (root.toString('hex') !== told['root']) found.add(where, 'a disclosure in it is not what it was')
}

function readData(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return readBody(body).data
  } catch {
    return undefined
  }
}

function wrongColumns(
  { batch, count, root, through }: StoredBatch,
  told: Readonly<Record<string, unknown>>,
): readonly string[] {
  const columns: readonly (readonly [string, string, unknown])[] = [
    ['number', String(batch), told['batch']],
    ['count', String(count), told['count']],
    ['root', root.toString('hex'), told['root']],
    ['end', `${through.txId} ${through.disclosure}`, `${String(told['throughTx'])} ${String(told['through'])}`],
  ]
  return columns.filter(([, kept, recorded]) => kept !== recorded).map(([name]) => name)
}
