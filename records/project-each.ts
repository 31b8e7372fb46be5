import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { ProjectedRecord, Projector } from './projector.ts'
import type { RecordBody } from './record-body.ts'

/** What comes with a record's body: what was personal in it and whose, and who projects. */
export type Beside = Pick<ProjectedRecord, 'personal' | 'owner'> & { readonly context: Context }

/** Projects records one after another; those for which `projectOne` says no wait for another record. */
export function projectEach(
  projectOne: (tx: Transaction, body: RecordBody, beside: Beside) => Promise<boolean>,
): Projector['project'] {
  return async (context, tx, records) => {
    const waiting: ProjectedRecord[] = []
    for (const record of records) {
      const { body, personal, owner } = record
      if (!(await projectOne(tx, body, { context, personal, owner }))) waiting.push(record)
    }
    return waiting
  }
}
