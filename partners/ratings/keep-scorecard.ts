import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Scorecard, Scored } from './scorecard.ts'
import { insertScorecard } from './store/scorecards.ts'

/** Writes a scorecard: its record, which the partner may have, and its row. */
export async function keepScorecard(
  context: Context,
  tx: Transaction,
  said: Omit<Scorecard, 'ratedAt' | 'record'>,
): Promise<Scorecard> {
  const { id, partner, month, version, grade, score, measures, reason } = said
  const data = {
    ...{ scorecard: id, partner, month, version: BigInt(version), grade, score: counted(score), reason },
    measures: measures.map(measureData),
  }
  const [record] = await appendRecords(context, tx, [{ kind: 'scorecard', partner, data }])
  invariant(record, 'a record was appended')
  const kept = { ...said, ratedAt: record.at, record: record.id }
  await insertScorecard(tx, kept)
  return kept
}

function measureData({ measure, good, all, ppm, points, weight }: Scored) {
  const counts = { good: BigInt(good), all: BigInt(all), weight: BigInt(weight) }
  return { measure, ...counts, ppm: counted(ppm), points: counted(points) }
}

function counted(count: number | undefined): bigint | undefined {
  return count === undefined ? undefined : BigInt(count)
}
