import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Assessment } from './assessment.ts'
import { upsertAssessment } from './store/assessments.ts'

/** Writes the next version of an assessment, which the transaction holds: its record, for us alone, and its row. */
export async function keepAssessment(
  context: Context,
  tx: Transaction,
  said: Omit<Assessment, 'record'>,
): Promise<Assessment> {
  const { id, changedAt, expiresAt, rubric, version, scores, ...rest } = said
  const data = {
    ...{ assessment: id, ...rest, expiresAt: expiresAt?.toISOString() },
    ...{ rubric: BigInt(rubric), version: BigInt(version) },
    scores: scores.map(({ points, ...score }) => ({ ...score, points: BigInt(points) })),
  }
  const [record] = await appendRecords({ ...context, clock: clockAt(changedAt) }, tx, [{ kind: 'assessment', data }])
  invariant(record, 'a record was appended')
  const kept = { ...said, record: record.id }
  await upsertAssessment(tx, kept)
  return kept
}
