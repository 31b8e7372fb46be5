import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { parseMonth } from '../../kernel/month.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectPartner } from '../store/partners.ts'
import { GRADES, MEASURES } from './scorecard.ts'
import { insertScorecard } from './store/scorecards.ts'

/** Scorecards out of the log. */
export const scorecardProjector: Projector = {
  kinds: ['scorecard'],
  tables: [{ name: 'scorecards', key: ['id'] }],
  project: projectEach(projectOne),
}

const optionalNumber = wholeNumber.optional()
const told = z.object({
  scorecard: idText('scd'),
  partner: idText('ptr'),
  month: z.string().transform(parseMonth),
  version: wholeNumber,
  grade: z.enum(GRADES),
  score: optionalNumber,
  reason: z.string().optional(),
  measures: z.array(
    z.object({
      measure: z.enum(MEASURES),
      good: wholeNumber,
      all: wholeNumber,
      ppm: optionalNumber,
      points: optionalNumber,
      weight: wholeNumber,
    }),
  ),
})

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { scorecard: id, score, reason, measures, ...said } = parseRecordData(told, body)
  if ((await selectPartner(tx, said.partner)) === undefined) return false
  const scored = measures.map(({ ppm, points, ...one }) => ({ ...one, ppm, points }))
  await insertScorecard(tx, {
    ...said,
    id,
    score,
    reason,
    measures: scored,
    ratedAt: new Date(body.at),
    record: body.id,
  })
  return true
}
