import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import type { Id } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { appendRecords } from '../records/append-records.ts'
import { unmetRecord } from './consent-record.ts'
import type { ConsentRequest } from './consent-request.ts'
import { decideRequests } from './store/requests.ts'
import { insertEvents } from './store/write-consents.ts'

/**
 * Ends requests that are held and that nobody agreed to, at an instant of the database's: REJECTED by the customer who is
 * named, or LAPSED. A record for each, its row, and the step.
 */
export async function endRequests(
  context: Context,
  tx: Transaction,
  requests: readonly ConsentRequest[],
  { customer, at }: { readonly customer?: Id<'cus'>; readonly at: Date },
): Promise<void> {
  const [status, by] = customer === undefined ? (['LAPSED', 'CLOCK'] as const) : (['REJECTED', 'CUSTOMER'] as const)
  const records = await appendRecords(
    { ...context, clock: clockAt(at) },
    tx,
    requests.map((request) => unmetRecord(request, customer)),
  )
  const steps = requests.map(({ id: consent }, index) => {
    const record = records[index]
    invariant(record, 'a record that was appended has an id')
    return { consent, record: record.id }
  })
  await decideRequests(
    tx,
    steps.map(({ consent: id, record }) => ({ id, status, customer, decidedAt: at, version: 2, record })),
  )
  await insertEvents(
    tx,
    steps.map((step) => ({ ...step, change: 2, status, by, at })),
  )
}
