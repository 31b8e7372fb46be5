import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { alertEvent } from './alert-record.ts'
import { writeChange } from './store/write-alerts.ts'

/** Alerts out of the log. What they were computed from is in no record, and begins anew. */
export const alertProjector: Projector = {
  kinds: ['alert'],
  tables: [{ name: 'alerts', key: ['id'] }],
  project: projectEach(projectOne),
}

/** A change waits for the one before it. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { alert, change, ...told } = parseRecordData(alertEvent, body)
  return writeChange(tx, alert, change, told, { by: body.actor, record: { id: body.id, at: new Date(body.at) } })
}
