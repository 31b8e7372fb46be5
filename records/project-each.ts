import type { Transaction } from '../database/client.ts'
import type { ProjectedRecord, Projector } from './projector.ts'
import type { RecordBody } from './record-body.ts'

/** Projects records one after another; those for which `projectOne` says no wait for another record. */
export function projectEach(projectOne: (tx: Transaction, body: RecordBody) => Promise<boolean>): Projector['project'] {
  return async (_context, tx, records) => {
    const waiting: ProjectedRecord[] = []
    for (const record of records) if (!(await projectOne(tx, record.body))) waiting.push(record)
    return waiting
  }
}
