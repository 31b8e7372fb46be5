import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { type Beside, projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { complainantIn, complaintData, complaintWords } from './complaint-record.ts'
import { upsertComplaint } from './store/write-complaints.ts'

/** Complaints out of the log: of each the last version. What others than customers said is in no record. */
export const complaintProjector: Projector = {
  kinds: ['complaint'],
  tables: [{ name: 'complaints', key: ['id'], free: ['words'] }],
  project: projectEach(projectOne),
}

async function projectOne(tx: Transaction, body: RecordBody, { context, owner, personal }: Beside): Promise<boolean> {
  const { complaint: id, complainingPartner, complainant, ...said } = parseRecordData(complaintData, body)
  for (const party of [said.partner, complainingPartner]) {
    if (party !== undefined && (await selectPartner(tx, party)) === undefined) return false
  }
  const { assignedTo, decidedBy, decidedAt } = said
  return upsertComplaint(context, tx, {
    ...{ ...said, id, assignedTo, decidedBy, decidedAt },
    complainant: complainantIn({ complainant, complainingPartner }, owner),
    words: personal && complaintWords.parse(personal.data),
    ...{ changedAt: new Date(body.at), record: body.id },
  })
}
