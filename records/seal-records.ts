import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { appendEntries } from './merkle/tiles.ts'
import { advanceHead, sealBehind, takeSealTurn } from './store/seals.ts'

const BATCH_RECORDS = 5000

/**
 * Gives the next committed records their sequence numbers, in commit order and without gaps, and their leaves in the
 * tree; returns how many, 0 when all that can be sealed is. Any process may call it at any time: they take turns, and
 * writers never wait for it. A record is sealed only once every transaction that was running when it was written has
 * ended, so a long writing transaction holds sealing up, but none is ever passed over.
 * Throws `WRONG_STATE` when the database came from another server's dump, where transactions are counted anew.
 */
export async function sealRecords(context: Context, limit = BATCH_RECORDS): Promise<number> {
  return context.database.transaction(async (tx) => {
    const head = await takeSealTurn(tx)
    if (head.foreign) {
      throw new Fault(
        'WRONG_STATE',
        'the log was sealed by another server: replay its export, or restore a backup of its files',
      )
    }
    const batch = await sealBehind(tx, head, limit)
    if (!batch) return 0
    await advanceHead(tx, batch, appendEntries(head.tree, batch.commitments))
    return batch.count
  })
}
