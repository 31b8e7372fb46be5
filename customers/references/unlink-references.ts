import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import { unlinkedRecord } from './reference-records.ts'
import type { ReferencePlace } from './seal-reference.ts'
import { deleteUnfounded } from './store/references.ts'

/** Takes away the references of customers whose last consent to the partner has ended in this transaction. */
export async function unlinkReferences(
  context: Context,
  tx: Transaction,
  places: readonly ReferencePlace[],
): Promise<void> {
  if (places.length === 0) return
  await appendRecords(context, tx, (await deleteUnfounded(tx, places)).map(unlinkedRecord))
}
