import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { ASSESSMENT_STATUSES } from './assessment.ts'
import { upsertAssessment } from './store/assessments.ts'

/** Assessments out of the log: of each the last version. */
export const assessmentProjector: Projector = {
  kinds: ['assessment'],
  tables: [{ name: 'assessments', key: ['id'] }],
  project: projectEach(projectOne),
}

const told = z.object({
  assessment: idText('asm'),
  partner: idText('ptr'),
  status: z.enum(ASSESSMENT_STATUSES),
  rubric: wholeNumber,
  assessors: z.array(z.string()),
  approvers: z.array(z.string()),
  scores: z.array(
    z.object({
      criterion: z.string(),
      points: wholeNumber,
      evidence: z.array(z.object({ sha256: z.string(), name: z.string() })),
    }),
  ),
  reason: z.string().optional(),
  expiresAt: timeText.optional(),
  version: wholeNumber,
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { assessment: id, reason, expiresAt, ...said } = parseRecordData(told, body)
  if ((await selectPartner(tx, said.partner)) === undefined) return false
  await upsertAssessment(tx, { ...said, id, reason, expiresAt, changedAt: new Date(body.at), record: body.id })
  return true
}
