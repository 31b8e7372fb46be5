import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { insertDeletion } from './store/deletions.ts'

const deletionData = z.object({ event: z.literal('ATTESTED'), consent: idText('cns') })

/** What partners attested, out of the log. */
export const deletionProjector: Projector = {
  kinds: ['deletion'],
  tables: [{ name: 'deletions', key: ['consent_id'] }],
  project: projectEach(projectOne),
}

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { consent } = parseRecordData(deletionData, body)
  return insertDeletion(tx, { consent, attestedAt: new Date(body.at), record: body.id })
}
