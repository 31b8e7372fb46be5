import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { upsertRun } from './store/runs.ts'

/** Writes the next version of a run, which the transaction holds: its record, which the partner may have, and its row. */
export async function keepRun(
  context: Context,
  tx: Transaction,
  said: Omit<ConformanceRun, 'record'>,
): Promise<ConformanceRun> {
  const { id, startedAt, expiresAt, endedAt, countsUntil, checks, version, ...rest } = said
  const data = {
    ...{ event: endedAt === undefined ? 'STARTED' : 'ENDED', run: id, ...rest, version: BigInt(version) },
    ...{ startedAt: startedAt.toISOString(), expiresAt: expiresAt.toISOString() },
    ...{ endedAt: endedAt?.toISOString(), countsUntil: countsUntil?.toISOString() },
    checks: checks.map(({ at, ...check }) => ({ ...check, at: at?.toISOString() })),
  }
  const at = { ...context, clock: clockAt(endedAt ?? startedAt) }
  const [record] = await appendRecords(at, tx, [{ kind: 'conformance', partner: said.partner, data }])
  invariant(record, 'a record was appended')
  const kept = { ...said, record: record.id }
  await upsertRun(tx, kept)
  return kept
}
