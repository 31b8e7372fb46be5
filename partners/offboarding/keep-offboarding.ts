import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Offboarding } from './offboarding.ts'
import { upsertOffboarding } from './store/offboardings.ts'

/** Writes the next version of an exit, which the transaction holds: its record, which the partner may have, and its row. */
export async function keepOffboarding(
  context: Context,
  tx: Transaction,
  said: Omit<Offboarding, 'record' | 'changedAt'>,
): Promise<Offboarding> {
  const { id, exitAt, plannedAt, steps, version, ...rest } = said
  const data = {
    ...{
      offboarding: id,
      ...rest,
      exitAt: exitAt.toISOString(),
      plannedAt: plannedAt.toISOString(),
      version: BigInt(version),
    },
    steps: steps.map(({ step, count, at }) => ({ step, count: BigInt(count), at: at.toISOString() })),
  }
  const [record] = await appendRecords(context, tx, [{ kind: 'offboarding', partner: said.partner, data }])
  invariant(record, 'a record was appended')
  const kept = { ...said, changedAt: record.at, record: record.id }
  await upsertOffboarding(tx, kept)
  return kept
}
