import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { decideRow } from '../store/proposals.ts'
import { repaymentEvent } from './repayment-record.ts'
import { insertRepayment } from './store/repayments.ts'
import { insertWriteOff } from './store/write-offs.ts'
import { writeOffEvent } from './write-off-record.ts'

/** Write-offs and repayments out of the log. */
export const receivablesProjector: Projector = {
  kinds: ['write_off', 'repayment'],
  tables: [
    { name: 'write_offs', key: ['id'] },
    { name: 'repayments', key: ['bank_entry_id'] },
  ],
  project: projectEach(projectOne),
}

/** A decision waits for what was proposed. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  if (body.kind === 'repayment') {
    const { event: _, ...repayment } = parseRecordData(repaymentEvent, body)
    await insertRepayment(tx, repayment, body.id)
    return true
  }
  const told = parseRecordData(writeOffEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  if (told.event !== 'PROPOSED') {
    const because = told.event === 'REJECTED' ? told.because : undefined
    return decideRow(tx, 'write_offs', { id: told.writeOff, because, ...act })
  }
  const { event: _, writeOff: id, ...proposed } = told
  await insertWriteOff(tx, { id, ...proposed }, act)
  return true
}
