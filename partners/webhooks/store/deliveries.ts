import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { DeliveryStatus, WebhookDelivery } from '../webhook-endpoint.ts'
import { holdLines, setHeads } from './heads.ts'

type Row = {
  readonly id: string
  readonly endpoint_id: string
  readonly partner_id: string
  readonly type: string
  readonly about: string | null
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly created_at: Date
  readonly next_at: Date
  readonly delivered_at: Date | null
  readonly last_error: string | null
}

/** Which deliveries are listed. */
export type DeliveryFilter = { readonly partner: Id<'ptr'> | undefined; readonly status: DeliveryStatus | undefined }

/** Up to one more than the page holds, the latest first. */
export async function selectDeliveries(
  sql: Reader,
  { partner, status }: DeliveryFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly WebhookDelivery[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select id, endpoint_id, partner_id, type, about, status, attempts, created_at, next_at, delivered_at, last_error
    from webhook_deliveries
    where true
      ${partner === undefined ? sql`` : sql`and partner_id = ${uuidOf(partner)}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(deliveryOf)
}

/** Sends again what was taken or given up: one message, or a partner's since a time. Returns how many wait anew. */
export async function resetDeliveries(tx: Transaction, { partner, delivery, since }: ReplayPlace): Promise<number> {
  await holdLines(tx, { partners: [partner] })
  const rows = await tx<{ endpoint_id: string; order_key: string }[]>`
    update webhook_deliveries d
    set status = 'PENDING', attempts = 0, next_at = now(), delivered_at = null, last_error = null
    from webhook_endpoints e
    where e.id = d.endpoint_id and e.status = 'ACTIVE' and d.status <> 'PENDING' and d.partner_id = ${uuidOf(partner)}
      ${delivery === undefined ? tx`` : tx`and d.id = ${uuidOf(delivery)}`}
      ${since === undefined ? tx`` : tx`and d.created_at >= ${since.toISOString()}`}
    returning d.endpoint_id, d.order_key`
  await setHeads(
    tx,
    rows.map(({ endpoint_id: endpoint, order_key: orderKey }) => ({ endpoint, orderKey })),
  )
  return rows.length
}

/** What is sent again. */
export type ReplayPlace = {
  readonly partner: Id<'ptr'>
  readonly delivery: Id<'evt'> | undefined
  readonly since: Date | undefined
}

/** What waits for an endpoint that was removed is given up. */
export async function giveUpEndpoint(tx: Transaction, endpoint: Id<'whe'>): Promise<void> {
  await tx`
    update webhook_deliveries set status = 'DEAD', last_error = 'REMOVED'
    where endpoint_id = ${uuidOf(endpoint)} and status = 'PENDING'`
}

/** Removes up to so many messages that were taken, or given up, more than so many days ago. */
export async function deleteOldDeliveries(tx: Transaction, days: number, most: number): Promise<number> {
  const rows = await tx`
    delete from webhook_deliveries where id in (
      select id from webhook_deliveries
      where status <> 'PENDING' and created_at < now() - make_interval(days => ${days}) limit ${most})`
  return rows.count
}

/** What waits and what was given up, for the metrics. */
export async function countDeliveries(sql: Reader): Promise<{
  readonly pending: number
  readonly dead: number
  readonly oldestSeconds: number
}> {
  const [row] = await sql<{ pending: number; dead: number; oldest: number }[]>`
    select count(*) filter (where status = 'PENDING')::int as pending,
           count(*) filter (where status = 'DEAD')::int as dead,
           coalesce(extract(epoch from now() - min(created_at) filter (where status = 'PENDING')), 0)::float8 as oldest
    from webhook_deliveries where status <> 'DELIVERED'`
  return { pending: row?.pending ?? 0, dead: row?.dead ?? 0, oldestSeconds: row?.oldest ?? 0 }
}

function deliveryOf(row: Row): WebhookDelivery {
  const { type, status, attempts, created_at, next_at } = row
  return {
    id: idOf('evt', row.id),
    endpoint: idOf('whe', row.endpoint_id),
    partnerId: idOf('ptr', row.partner_id),
    ...{ type, status, attempts, about: row.about ?? undefined, createdAt: created_at },
    nextAt: status === 'PENDING' ? next_at : undefined,
    deliveredAt: row.delivered_at ?? undefined,
    lastError: row.last_error ?? undefined,
  }
}
