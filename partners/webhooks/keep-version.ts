import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { endpointRecord } from './endpoint-record.ts'
import { keepEndpoint } from './store/endpoints.ts'
import type { WebhookEndpoint } from './webhook-endpoint.ts'

/** Writes a version of an endpoint, which the transaction holds: its record and its row. */
export async function keepVersion(
  context: Context,
  tx: Transaction,
  endpoint: Omit<WebhookEndpoint, 'record'>,
): Promise<WebhookEndpoint> {
  const [record] = await appendRecords(context, tx, [endpointRecord(endpoint)])
  invariant(record, 'a record was appended')
  const kept = { ...endpoint, record: record.id }
  await keepEndpoint(tx, kept)
  return kept
}
