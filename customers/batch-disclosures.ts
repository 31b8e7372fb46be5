import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { invariant } from '../kernel/invariant.ts'
import { appendRecords } from '../records/append-records.ts'
import { rootOfEntries } from '../records/merkle/entry-tree.ts'
import { batchRecord, type DisclosureBatch } from './disclosure-batch.ts'
import { disclosureHasher } from './disclosure-entry.ts'
import { insertBatch, takeBatchTurn } from './store/disclosure-batches.ts'
import { selectDueFacts } from './store/disclosure-facts.ts'

const MOST_IN_BATCH = 1000

/**
 * Lets the next disclosures enter the log as the root over them: one record, in the order of commits, in the same
 * transaction as the batch itself. Returns how many, 0 when all that can be taken is. Any process may call it at any time:
 * they take turns, and reads of customers' data never wait for it. None is passed over: a disclosure is taken only once
 * every transaction that was running when it was written has ended.
 * Throws `WRONG_STATE` when the database came from another server's dump, where transactions are counted anew.
 */
export async function batchDisclosures(context: Context, limit = MOST_IN_BATCH): Promise<number> {
  return context.database.transaction(async (tx) => {
    const head = await takeBatchTurn(tx)
    if (head.foreign) {
      throw new Fault(
        'WRONG_STATE',
        'the disclosures were counted by another server: restore from a backup of its files',
      )
    }
    const due = await selectDueFacts(tx, head.through, limit)
    const last = due.at(-1)
    if (!last) return 0
    const facts = due.map(({ fact }) => fact)
    const root = rootOfEntries(Buffer.concat(facts.map(disclosureHasher(context.keyring).entryOf)))
    const batch: DisclosureBatch = { batch: head.batch + 1, through: last.place, count: facts.length, root }
    const [record] = await appendRecords(context, tx, [batchRecord(batch, facts)])
    invariant(record, 'a record that was appended has an id')
    await insertBatch(tx, batch, record.id)
    return facts.length
  })
}
