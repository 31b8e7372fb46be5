import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import { appendRecords } from '../../records/append-records.ts'
import { withRecords } from '../facts/with-records.ts'
import { type Acceptance, acceptanceRecord } from './acceptance-record.ts'
import { insertAcceptances } from './store/acceptances.ts'
import { settleStanding } from './store/standing.ts'

/** Accepts statements that are held by the transaction, each with its record. */
export async function keepAcceptances(
  context: Context,
  tx: Transaction,
  given: readonly (Acceptance & { readonly by: Actor })[],
): Promise<void> {
  const records = await appendRecords(
    context,
    tx,
    given.map((one) => ({ ...acceptanceRecord(one), actor: one.by })),
  )
  await insertAcceptances(tx, withRecords(given, records))
  await settleStanding(
    tx,
    given.map(({ statement }) => statement),
  )
}
