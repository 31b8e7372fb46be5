import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { RequestStatus, Usage } from '../consent.ts'
import type { ConsentRequest } from '../consent-request.ts'
import { readSharedTag, writeSharedTag } from '../granularity.ts'

/** A request as its records tell of it. */
export type KeptRequest = ConsentRequest & RequestState

/** What its decision changes in a request. */
export type RequestState = {
  readonly status: RequestStatus
  readonly customer: Id<'cus'> | undefined
  readonly decidedAt: Date | undefined
  readonly version: number
  readonly record: Id<'rec'>
}

type RequestRow = {
  readonly id: string
  readonly partner_id: string
  readonly client_id: string
  readonly purpose: string
  readonly status: RequestStatus
  readonly tags: readonly string[]
  readonly expires_at: Date
  readonly usage: Usage
  readonly max_per_day: number | null
  readonly retention_days: number
  readonly notice_version: number
  readonly requested_at: Date
  readonly lapses_at: Date
  readonly decided_at: Date | null
  readonly customer_id: string | null
}

/** Adds requests. */
export async function insertRequests(tx: Transaction, requests: readonly KeptRequest[]): Promise<void> {
  if (requests.length === 0) return
  await tx`
    insert into consent_requests (id, partner_id, client_id, purpose, status, tags, expires_at, usage, max_per_day,
      retention_days, notice_version, requested_at, lapses_at, customer_id, decided_at, version, record_id)
    select * from jsonb_to_recordset(${JSON.stringify(requests.map(rowOf))}::jsonb) as r (id uuid, partner_id uuid,
      client_id uuid, purpose text, status text, tags text[], expires_at timestamptz, usage text, max_per_day integer,
      retention_days integer, notice_version integer, requested_at timestamptz, lapses_at timestamptz, customer_id uuid,
      decided_at timestamptz, version integer, record_id uuid)`
}

function rowOf({ id, partnerId, clientId, record, customer, ...request }: KeptRequest): object {
  return {
    id: uuidOf(id),
    partner_id: uuidOf(partnerId),
    client_id: uuidOf(clientId),
    purpose: request.purpose,
    status: request.status,
    tags: request.tags.map(writeSharedTag),
    expires_at: request.expiresAt.toISOString(),
    usage: request.usage,
    max_per_day: request.maxPerDay,
    retention_days: request.retentionDays,
    notice_version: request.noticeVersion,
    requested_at: request.requestedAt.toISOString(),
    lapses_at: request.lapsesAt.toISOString(),
    customer_id: customer && uuidOf(customer),
    decided_at: request.decidedAt?.toISOString(),
    version: request.version,
    record_id: uuidOf(record),
  }
}

/** Brings requests to their end. */
export async function decideRequests(
  tx: Transaction,
  states: readonly (RequestState & { readonly id: Id<'cns'> })[],
): Promise<void> {
  if (states.length === 0) return
  const rows = states.map(({ id, status, customer, decidedAt, version, record }) => ({
    id: uuidOf(id),
    status,
    customer_id: customer && uuidOf(customer),
    decided_at: decidedAt?.toISOString(),
    version,
    record_id: uuidOf(record),
  }))
  await tx`
    update consent_requests r
    set status = e.status, customer_id = coalesce(r.customer_id, e.customer_id), decided_at = e.decided_at,
        version = e.version, record_id = e.record_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (id uuid, status text, customer_id uuid,
      decided_at timestamptz, version integer, record_id uuid)
    where r.id = e.id`
}

/** Which of these requests there are. */
export async function selectKnownRequests(sql: Reader, ids: readonly Id<'cns'>[]): Promise<ReadonlySet<Id<'cns'>>> {
  if (ids.length === 0) return new Set()
  const rows = await sql<{ id: string }[]>`
    select id from consent_requests where id = any (${ids.map(uuidOf)}::text[]::uuid[])`
  return new Set(rows.map(({ id }) => idOf('cns', id)))
}

/** A request that nobody else decides until the transaction ends, and who signed in to look at it. */
export type HeldRequest = { readonly request: ConsentRequest; readonly customer: Id<'cus'> | undefined }

/** Holds a request until the transaction ends. */
export async function holdRequest(tx: Transaction, id: Id<'cns'>): Promise<HeldRequest | undefined> {
  const [locked] = await tx`select from consent_requests where id = ${uuidOf(id)} for update`
  return locked && selectRequest(tx, id)
}

/** Holds those AWAITING that have lapsed and that nobody else holds. */
export async function holdLapsed(tx: Transaction, limit: number): Promise<readonly ConsentRequest[]> {
  const rows = await tx<RequestRow[]>`
    select ${columns(tx)} from consent_requests r
    where r.status = 'AWAITING' and r.lapses_at <= clock_timestamp()
    order by r.lapses_at limit ${limit} for update skip locked`
  return rows.map((row) => heldOf(row).request)
}

/** A request, and who signed in to look at it. */
async function selectRequest(sql: Reader, id: Id<'cns'>): Promise<HeldRequest | undefined> {
  const [row] = await sql<RequestRow[]>`select ${columns(sql)} from consent_requests r where r.id = ${uuidOf(id)}`
  return row && heldOf(row)
}

/** The same for a partner's own requests; another's is missing as an unknown one is. */
export async function selectRequestTo(
  sql: Reader,
  id: Id<'cns'>,
  partner: Id<'ptr'>,
): Promise<ConsentRequest | undefined> {
  const [row] = await sql<RequestRow[]>`
    select ${columns(sql)} from consent_requests r where r.id = ${uuidOf(id)} and r.partner_id = ${uuidOf(partner)}`
  return row && heldOf(row).request
}

/** Binds a request to the customer who signed in. */
export async function bindCustomer(tx: Transaction, id: Id<'cns'>, customer: Id<'cus'>): Promise<void> {
  await tx`update consent_requests set customer_id = ${uuidOf(customer)} where id = ${uuidOf(id)}`
}

function columns(sql: Reader) {
  return sql`
    r.id, r.partner_id, r.client_id, r.purpose, r.tags, r.expires_at, r.usage, r.max_per_day, r.retention_days,
    r.notice_version, r.requested_at, r.lapses_at, r.customer_id,
    case when r.status = 'AWAITING' and r.lapses_at <= clock_timestamp() then 'LAPSED' else r.status end as status,
    case when r.status = 'AWAITING' and r.lapses_at <= clock_timestamp() then r.lapses_at else r.decided_at end
      as decided_at`
}

function heldOf(row: RequestRow): HeldRequest {
  const request: ConsentRequest = {
    id: idOf('cns', row.id),
    partnerId: idOf('ptr', row.partner_id),
    clientId: idOf('cli', row.client_id),
    purpose: row.purpose,
    status: row.status,
    tags: row.tags.flatMap((tag) => readSharedTag(tag) ?? []),
    expiresAt: row.expires_at,
    usage: row.usage,
    maxPerDay: row.max_per_day ?? undefined,
    retentionDays: row.retention_days,
    noticeVersion: row.notice_version,
    requestedAt: row.requested_at,
    lapsesAt: row.lapses_at,
    decidedAt: row.decided_at ?? undefined,
  }
  return { request, customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id) }
}
