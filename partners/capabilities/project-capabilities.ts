import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { CAPABILITY_KINDS, CAPABILITY_STATUSES } from './capability.ts'
import { keepCapability } from './store/capabilities.ts'

/** What partners may do, out of the log: of each capability the last version that was said. */
export const capabilityProjector: Projector = {
  kinds: ['capability'],
  tables: [{ name: 'capabilities', key: ['partner_id', 'kind', 'key'] }],
  project: projectEach(projectOne),
}

const told = z.object({
  event: z.literal('CHANGED'),
  partner: idText('ptr'),
  kind: z.enum(CAPABILITY_KINDS),
  key: z.string(),
  status: z.enum(CAPABILITY_STATUSES),
  due: z.string().optional(),
  until: timeText.optional(),
  reason: z.string(),
  permille: wholeNumber.optional(),
  version: wholeNumber,
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { event: _, due, until, permille, ...said } = parseRecordData(told, body)
  if ((await selectPartner(tx, said.partner)) === undefined) return false
  await keepCapability(tx, { ...said, due, until, permille, changedAt: new Date(body.at), record: body.id })
  return true
}
