import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { decideRow } from '../store/proposals.ts'
import { openingEvent } from './opening-record.ts'
import { insertOpening } from './store/openings.ts'

/** Opening balances out of the log. */
export const openingProjector: Projector = {
  kinds: ['opening_balance'],
  tables: [
    { name: 'openings', key: ['id'] },
    { name: 'opening_lines', key: ['opening_id', 'line'] },
  ],
  project: projectEach(projectOne),
}

/** A decision waits for what was proposed. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(openingEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  if (told.event !== 'PROPOSED') {
    const because = told.event === 'REJECTED' ? told.because : undefined
    return decideRow(tx, 'openings', { id: told.opening, because, ...act })
  }
  const { event: _, opening: id, ...proposed } = told
  await insertOpening(tx, { id, ...proposed }, act)
  return true
}
