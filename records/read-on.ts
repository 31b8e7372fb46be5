import type { Reader, Transaction } from '../database/client.ts'
import { type RecordBody, type RecordKind, readBody } from './record-body.ts'
import { selectHeadSeq, selectKindsOn } from './store/read-on.ts'

/** A record in its place in the log. */
export type PlacedRecord = { readonly seq: number; readonly body: RecordBody }

/** How many records are sealed: the place of the last one. */
export async function sealedSize(sql: Reader): Promise<number> {
  return selectHeadSeq(sql)
}

/**
 * Reads on in the sealed log behind a place: the records of some kinds among the next so many, and how far that was. What is
 * sealed stays in its place, and nothing is ever sealed before it, so that whoever keeps the place misses nothing.
 */
export async function readOn(
  tx: Transaction,
  { after, most, kinds }: { readonly after: number; readonly most: number; readonly kinds: readonly RecordKind[] },
): Promise<{ readonly records: readonly PlacedRecord[]; readonly upTo: number }> {
  const upTo = Math.min(after + most, await selectHeadSeq(tx))
  if (upTo <= after) return { records: [], upTo: after }
  const rows = await selectKindsOn(tx, { from: after, to: upTo, kinds })
  return { records: rows.map(({ seq, body }) => ({ seq, body: readBody(body) })), upTo }
}
