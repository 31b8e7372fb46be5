import type { Id } from '../kernel/ids.ts'
import type { NewRecord } from '../records/append-records.ts'
import type { DisclosureFact } from './disclosure-entry.ts'

/** The last disclosure of a batch, in the order in which batches take them. */
export type Through = { readonly txId: string; readonly disclosure: Id<'dis'> }

/** Disclosures that entered the log together, from behind the batch before through the last of them. */
export type DisclosureBatch = {
  /** From 1, without gaps. */
  readonly batch: number
  readonly through: Through
  readonly count: number
  readonly root: Buffer
}

/** What a batch is in the log: it says nothing of any disclosure but how many there were, and when. */
export function batchRecord(
  { batch, through, count, root }: DisclosureBatch,
  facts: readonly DisclosureFact[],
): NewRecord {
  // times of one form sort as texts do
  const times = facts.map(({ at }) => at).toSorted()
  return {
    kind: 'disclosure_batch',
    data: {
      version: '1',
      batch: BigInt(batch),
      count: BigInt(count),
      root: root.toString('hex'),
      firstAt: times[0],
      lastAt: times.at(-1),
      through: through.disclosure,
      throughTx: through.txId,
    },
  }
}
