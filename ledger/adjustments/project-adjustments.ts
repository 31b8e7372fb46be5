import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { decideRow } from '../store/proposals.ts'
import { adjustmentEvent } from './adjustment-record.ts'
import { insertAdjustment } from './store/adjustments.ts'

/** Manual adjustments out of the log. Which statement has one is told by that statement's rules. */
export const adjustmentProjector: Projector = {
  kinds: ['adjustment'],
  tables: [{ name: 'adjustments', key: ['id'] }],
  project: projectEach(projectOne),
}

/** A decision waits for what was proposed. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(adjustmentEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  if (told.event !== 'PROPOSED') {
    const because = told.event === 'REJECTED' ? told.because : undefined
    return decideRow(tx, 'adjustments', { id: told.adjustment, because, ...act })
  }
  const { event: _, adjustment: id, ...proposed } = told
  await insertAdjustment(tx, { id, ...proposed }, act)
  return true
}
