import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { incidentEvent } from './incident-record.ts'
import { writeChange } from './store/write-incidents.ts'

/** Incidents out of the log. */
export const incidentProjector: Projector = {
  kinds: ['incident'],
  tables: [
    { name: 'incidents', key: ['id'] },
    { name: 'incident_events', key: ['incident_id', 'change'] },
  ],
  project: projectEach(projectOne),
}

/** A change waits for the one before it. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { incident, change, ...told } = parseRecordData(incidentEvent, body)
  const record = { id: body.id, at: new Date(body.at) }
  return writeChange(tx, { incident, change }, told, { by: body.actor, record, detail: body.data })
}
