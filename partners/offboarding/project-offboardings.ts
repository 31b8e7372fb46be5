import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { ACKNOWLEDGEABLE_EXITS } from './exit-item.ts'
import { EXIT_STEPS, OFFBOARDING_STATUSES } from './offboarding.ts'
import { upsertOffboarding } from './store/offboardings.ts'

/** Exits out of the log: of each the last version. */
export const offboardingProjector: Projector = {
  kinds: ['offboarding'],
  tables: [{ name: 'offboardings', key: ['id'] }],
  project: projectEach(projectOne),
}

const told = z.object({
  offboarding: idText('ofb'),
  partner: idText('ptr'),
  status: z.enum(OFFBOARDING_STATUSES),
  exitAt: timeText,
  reason: z.string(),
  plannedBy: z.string(),
  plannedAt: timeText,
  steps: z.array(z.object({ step: z.enum(EXIT_STEPS), count: wholeNumber, at: timeText })),
  acknowledged: z.array(z.enum(ACKNOWLEDGEABLE_EXITS)),
  version: wholeNumber,
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { offboarding: id, ...said } = parseRecordData(told, body)
  if ((await selectPartner(tx, said.partner)) === undefined) return false
  await upsertOffboarding(tx, { ...said, id, changedAt: new Date(body.at), record: body.id })
  return true
}
