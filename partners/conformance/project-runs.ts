import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { CHECK_STATUSES, CONFORMANCE_CHECKS } from './conformance-check.ts'
import { CONFORMANCE_STATUSES } from './conformance-run.ts'
import { upsertRun } from './store/runs.ts'

/** Conformance runs out of the log: of each the last version. */
export const conformanceProjector: Projector = {
  kinds: ['conformance'],
  tables: [{ name: 'conformance_runs', key: ['id'] }],
  project: projectEach(projectOne),
}

const check = z
  .object({
    code: z.enum(CONFORMANCE_CHECKS),
    status: z.enum(CHECK_STATUSES),
    seen: z.string(),
    at: timeText.optional(),
    evidence: z.array(z.string()),
  })
  .transform(({ at, ...rest }) => ({ ...rest, at }))
const told = z.object({
  run: idText('cfr'),
  partner: idText('ptr'),
  status: z.enum(CONFORMANCE_STATUSES),
  startedBy: z.string(),
  startedAt: timeText,
  expiresAt: timeText,
  endedAt: timeText.optional(),
  countsUntil: timeText.optional(),
  checks: z.array(check),
  version: wholeNumber,
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { run: id, endedAt, countsUntil, ...said } = parseRecordData(told, body)
  if ((await selectPartner(tx, said.partner)) === undefined) return false
  await upsertRun(tx, { ...said, id, endedAt, countsUntil, record: body.id })
  return true
}
