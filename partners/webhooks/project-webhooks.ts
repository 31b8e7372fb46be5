import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { endpointData } from './endpoint-record.ts'
import { keepEndpoint } from './store/endpoints.ts'

/** Where partners are told, out of the log; their secrets are not in it, and are made anew after a replay. */
export const webhookProjector: Projector = {
  kinds: ['webhook_endpoint'],
  tables: [{ name: 'webhook_endpoints', key: ['id'] }],
  project: projectEach(projectOne),
}

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { endpoint, partner, created, ...said } = parseRecordData(endpointData, body)
  if ((await selectPartner(tx, partner)) === undefined) return false
  await keepEndpoint(tx, { ...said, id: endpoint, partnerId: partner, createdAt: created, record: body.id })
  return true
}
