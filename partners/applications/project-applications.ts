import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { insertApplication } from './store/applications.ts'

/** Which partners applied, out of the log; who is to be written to is not in it. */
export const applicationProjector: Projector = {
  kinds: ['application'],
  tables: [{ name: 'partner_applications', key: ['id'] }],
  project: projectEach(projectOne),
}

const told = z.object({
  event: z.literal('RECEIVED'),
  application: idText('app'),
  partner: idText('ptr'),
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { application: id, partner } = parseRecordData(told, body)
  if ((await selectPartner(tx, partner)) === undefined) return false
  await insertApplication(tx, { id, partner, receivedAt: new Date(body.at), record: body.id })
  return true
}
