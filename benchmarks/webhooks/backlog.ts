import { type DatabaseAddress, openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { keepEndpoint } from '../../partners/webhooks/store/endpoints.ts'
import { insertDeliveries } from '../../partners/webhooks/store/queue.ts'

/** Messages of one subject, which wait for each other. */
const OF_SUBJECT = 5
const BATCH = 5000
const TYPE = 'consent.revoked'

/** A partner with an endpoint, for which nothing waits. */
export async function partnerWithEndpoint(context: Context): Promise<Id<'ptr'>> {
  const { id } = await createPartner(context, { code: 'harbour', name: 'Harbour', kind: 'BANK' })
  const createdAt = new Date(Date.now() - 3_600_000)
  const endpoint = {
    id: newId('whe'),
    partnerId: id,
    url: 'http://127.0.0.1:1/',
    types: [TYPE],
    version: 1,
    createdAt,
  } as const
  await context.database.transaction((tx) => keepEndpoint(tx, { ...endpoint, status: 'ACTIVE', record: newId('rec') }))
  return id
}

/** Lets so many messages wait for it, as if it were down: the first ones of half of the subjects were tried, and wait. */
export async function fillBacklog(
  { database }: Context,
  { owner, partner, count }: { readonly owner: DatabaseAddress; readonly partner: Id<'ptr'>; readonly count: number },
): Promise<void> {
  const recordedAt = new Date().toISOString()
  const messageOf = (seq: number) => ({
    ...{ seq, partner, type: TYPE, about: undefined, recordedAt, body: '{"type":"consent.revoked"}' },
    orderKey: `subject-${seq % Math.ceil(count / OF_SUBJECT)}`,
  })
  for (let from = 0; from < count; from += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => messageOf(from + n))
    await database.transaction((tx) => insertDeliveries(tx, messages))
  }
  const own = openDatabase(owner, 'tributary:bench:owner', 1)
  await own.reads`update webhook_deliveries set next_at = now() + interval '1 hour' where head and seq % 2 = 0`
  await own.reads`vacuum analyze webhook_deliveries`
  await own.close()
}
