import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { type Beside, projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { caseData, readData } from './case-records.ts'
import { insertRead, keepCase } from './store/cases.ts'

/** Cases and what was looked at, out of the log. Of who was erased it is still told that somebody looked. */
export const caseProjector: Projector = {
  kinds: ['staff_case', 'staff_read'],
  tables: [
    { name: 'staff_cases', key: ['id'] },
    { name: 'staff_reads', key: ['id'] },
  ],
  project: projectEach(projectOne),
}

const why = z.object({ reason: z.string().optional() })

async function projectOne(tx: Transaction, body: RecordBody, { owner: customer, personal }: Beside): Promise<boolean> {
  if (customer === undefined) return true
  if (body.kind === 'staff_read') {
    const { read: id, case: of, by, tags } = parseRecordData(readData, body)
    return insertRead(tx, { id, case: of, customer, by, at: new Date(body.at), tags, record: body.id })
  }
  const { case: id, by: openedBy, opened, ends, closed, change } = parseRecordData(caseData, body)
  const { reason } = why.parse(personal?.data ?? {})
  return keepCase(tx, {
    ...{ id, customer, openedBy, reason, openedAt: opened, endsAt: ends, closedAt: closed },
    ...{ version: change, record: body.id },
  })
}
