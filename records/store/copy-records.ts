import type { Readable } from 'node:stream'
import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { OrderKey } from './sealed-records.ts'

/** Columns of {@link copyRecords}, in their order. */
export const COPIED_COLUMNS = ['id', 'kind', 'salt', 'body', 'at', 'partner'] as const

/**
 * The records behind one in the log's order, up to another, as bytes of PostgreSQL's binary COPY: they cost a fraction
 * of what rows cost. The stream must be read to its end. Needs {@link readByIndex} before, or the planner may sort.
 */
export async function copyRecords(
  tx: Transaction,
  { after, upTo }: { readonly after: OrderKey; readonly upTo: OrderKey },
): Promise<Readable> {
  const stream = await tx
    .unsafe<never[]>(
      `copy (
         select r.id, r.kind, r.salt, r.body, r.recorded_at, r.partner_id from records r
         where (r.tx_id, r.id) > ${literalOf(after)} and (r.tx_id, r.id) <= ${literalOf(upTo)}
         order by r.tx_id, r.id
       ) to stdout (format binary)`,
    )
    .readable()
  // the driver pauses its socket for a slow reader, and would not go on for what comes behind the last row
  return stream.once('end', () => stream._read(0))
}

/** Has the rest of the transaction read in the order of an index, rather than read whole tables and sort them. */
export async function readByIndex(tx: Transaction): Promise<void> {
  await tx`
    select set_config(name, value, true)
    from (values ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_sort', 'off'),
                 ('max_parallel_workers_per_gather', '0')) as s (name, value)`
}

/** COPY takes no parameters. */
function literalOf({ txId, recordId }: OrderKey): string {
  invariant(/^\d+$/.test(txId) && /^[0-9a-f-]{36}$/.test(recordId), 'a place in the order is a number and a UUID')
  return `('${txId}'::xid8, '${recordId}'::uuid)`
}
