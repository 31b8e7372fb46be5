import type { Reader, Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { openOwned } from './personal-data.ts'
import type { ProjectedRecord, Projector } from './projector.ts'
import type { RecordBody } from './record-body.ts'

/** Makes records ready for the projectors, in their order, with the keys that the reader sees. One query, however many. */
export async function openRecords(
  context: Context,
  sql: Reader,
  bodies: readonly RecordBody[],
): Promise<readonly ProjectedRecord[]> {
  const opened = await openOwned(context, sql, bodies)
  return bodies.map((body, index) => ({ body, personal: opened[index]?.personal, owner: opened[index]?.owner }))
}

/**
 * Writes what records say into the tables, in the order given, and returns those that wait for another record. Kinds that
 * no projector takes leave no trace in tables. What waits is tried again as long as that helps, since one domain's record
 * may be what another's waits for.
 */
export async function projectRecords(
  context: Context,
  tx: Transaction,
  projectors: readonly Projector[],
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  let due = records
  for (;;) {
    const waiting: ProjectedRecord[] = []
    for (const { kinds, project } of projectors) {
      const own = due.filter(({ body }) => kinds.includes(body.kind))
      if (own.length > 0) waiting.push(...(await project(context, tx, own)))
    }
    if (waiting.length === 0 || waiting.length === due.length) return waiting
    due = waiting
  }
}
