import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { EventType } from '../event-types.ts'
import type { EndpointStatus, WebhookEndpoint } from '../webhook-endpoint.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly url: string
  readonly types: readonly EventType[]
  readonly status: EndpointStatus
  readonly version: number
  readonly created_at: Date
  readonly record_id: string
}

/** A partner's endpoints that it has not removed, the oldest first. */
export async function selectEndpoints(sql: Reader, partner: Id<'ptr'>): Promise<readonly WebhookEndpoint[]> {
  const rows = await sql<Row[]>`
    select * from webhook_endpoints where partner_id = ${uuidOf(partner)} and status = 'ACTIVE' order by created_at, id`
  return rows.map(endpointOf)
}

/** An endpoint by its id, whatever became of it. */
export async function selectEndpoint(sql: Reader, id: Id<'whe'>): Promise<WebhookEndpoint | undefined> {
  const [row] = await sql<Row[]>`select * from webhook_endpoints where id = ${uuidOf(id)}`
  return row && endpointOf(row)
}

/** Holds an endpoint until the transaction ends, of this partner alone where one is given. */
export async function holdEndpoint(
  tx: Transaction,
  { id, partner }: { readonly id: Id<'whe'>; readonly partner: Id<'ptr'> | undefined },
): Promise<WebhookEndpoint | undefined> {
  const [row] = await tx<Row[]>`
    select * from webhook_endpoints
    where id = ${uuidOf(id)} and status = 'ACTIVE'
      ${partner === undefined ? tx`` : tx`and partner_id = ${uuidOf(partner)}`}
    for no key update`
  return row && endpointOf(row)
}

/** Holds a partner's endpoints, so that nobody else adds one meanwhile. */
export async function holdEndpoints(tx: Transaction, partner: Id<'ptr'>): Promise<readonly WebhookEndpoint[]> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`webhooks:${partner}`}, 0))`
  return selectEndpoints(tx, partner)
}

/** Writes a version of an endpoint, unless a later one stands there. */
export async function keepEndpoint(tx: Transaction, endpoint: WebhookEndpoint): Promise<void> {
  const { id, partnerId, url, types, status, version, createdAt, record } = endpoint
  await tx`
    insert into webhook_endpoints as e (id, partner_id, url, types, status, version, created_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partnerId)}, ${url}, ${[...types]}, ${status}, ${version},
      ${createdAt.toISOString()}, ${uuidOf(record)})
    on conflict on constraint webhook_endpoints_pkey do update
      set url = excluded.url, types = excluded.types, status = excluded.status, version = excluded.version,
          record_id = excluded.record_id
      where e.version < excluded.version`
}

function endpointOf({ id, partner_id, url, types, status, version, created_at, record_id }: Row): WebhookEndpoint {
  return {
    ...{ id: idOf('whe', id), partnerId: idOf('ptr', partner_id), url, types, status, version, createdAt: created_at },
    record: idOf('rec', record_id),
  }
}
