import type { PendingQuery, Row } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { PartnerStatus } from '../../partner.ts'
import type { Application, ApplicationDetails } from '../application.ts'

const MOST_A_DAY = 3

/** What is kept until the link is followed. */
type NewRequest = {
  readonly id: Id<'app'>
  readonly details: ApplicationDetails
  readonly contact: Buffer
  readonly mark: Buffer
  readonly tokenHash: Buffer
}

/** Keeps a request, unless its mail address asked often enough within a day; forgets those that were never confirmed. */
export async function keepRequest(
  tx: Transaction,
  { id, details, contact, mark, tokenHash }: NewRequest,
): Promise<boolean> {
  // those of one address come one behind the other, over all processes
  await tx`select pg_advisory_xact_lock(hashtextextended(${`applications:${mark.toString('hex')}`}, 0))`
  await tx`
    delete from application_requests where id in (
      select id from application_requests
      where partner_id is null and ends_at < clock_timestamp() - interval '1 day' limit 100 for update skip locked)`
  const rows = await tx`
    insert into application_requests (id, details, contact, contact_mark, token_hash, ends_at)
    select ${uuidOf(id)}, ${JSON.stringify(details)}::text::jsonb, ${contact}, ${mark}, ${tokenHash},
           clock_timestamp() + interval '24 hours'
    where (select count(*) from application_requests
           where contact_mark = ${mark} and asked_at > clock_timestamp() - interval '1 day') < ${MOST_A_DAY}
    returning id`
  return rows.length === 1
}

/** A request that waits for its link, or was confirmed by it. */
export type AskedApplication = {
  readonly id: Id<'app'>
  readonly details: ApplicationDetails
  readonly confirmed: boolean
}

/** Holds the request of a link until the transaction ends; nothing when there is none, or its time was over. */
export async function holdRequest(tx: Transaction, tokenHash: Buffer): Promise<AskedApplication | undefined> {
  const [row] = await tx<{ id: string; details: ApplicationDetails; confirmed: boolean }[]>`
    select id, details, partner_id is not null as confirmed from application_requests
    where token_hash = ${tokenHash} and (partner_id is not null or ends_at > clock_timestamp()) for update`
  return row && { ...row, id: idOf('app', row.id) }
}

/** Says which partner a request became. */
export async function settleRequest(tx: Transaction, id: Id<'app'>, partner: Id<'ptr'>): Promise<void> {
  await tx`update application_requests set partner_id = ${uuidOf(partner)} where id = ${uuidOf(id)}`
}

/** Forgets who was to be written to. */
export async function forgetContact(tx: Transaction, id: Id<'app'>): Promise<void> {
  await tx`update application_requests set contact = null where id = ${uuidOf(id)}`
}

type NewApplication = Pick<Application, 'id' | 'partner' | 'receivedAt' | 'record'>

export async function insertApplication(
  tx: Transaction,
  { id, partner, receivedAt, record }: NewApplication,
): Promise<void> {
  await tx`
    insert into partner_applications (id, partner_id, received_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${receivedAt.toISOString()}, ${uuidOf(record)})`
}

/** An application with its contact as it is kept. */
export type KeptApplication = Omit<Application, 'contact'> & { readonly sealed: Buffer | undefined }

/** The application of a partner, if it came by one. */
export async function selectApplication(sql: Reader, partner: Id<'ptr'>): Promise<KeptApplication | undefined> {
  const [found] = await selectWhere(sql, sql`a.partner_id = ${uuidOf(partner)}`)
  return found
}

/** Of partners in a status or in any, the last confirmed first. Up to one more than the page holds. */
export async function selectApplications(
  sql: Reader,
  { status, from }: { readonly status: PartnerStatus | undefined; readonly from: Id<'ptr'> | undefined },
  { direction, limit }: Page,
): Promise<readonly KeptApplication[]> {
  const forward = direction === 'forward'
  const inStatus = status === undefined ? sql`true` : sql`p.status = ${status}`
  const beyond = from === undefined ? sql`true` : sql`a.partner_id ${forward ? sql`<` : sql`>`} ${uuidOf(from)}`
  // ids of partners go by the time at which they were made, which is that of the confirmation
  const order = sql`order by a.partner_id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return selectWhere(sql, sql`${inStatus} and ${beyond} ${order}`)
}

async function selectWhere(sql: Reader, rest: PendingQuery<Row[]>): Promise<readonly KeptApplication[]> {
  const rows = await sql<
    {
      readonly id: string
      readonly partner_id: string
      readonly code: string
      readonly status: PartnerStatus
      readonly about: string | null
      readonly received_at: Date
      readonly record_id: string
      readonly contact: Buffer | null
    }[]
  >`
    select a.id, a.partner_id, p.code, p.status, r.details ->> 'about' as about, a.received_at, a.record_id, r.contact
    from partner_applications a join partners p on p.id = a.partner_id
      left join application_requests r on r.id = a.id
    where ${rest}`
  return rows.map(({ id, partner_id, code, status, about, received_at, record_id, contact }) => ({
    ...{
      id: idOf('app', id),
      partner: idOf('ptr', partner_id),
      code,
      status,
      about: about ?? undefined,
      receivedAt: received_at,
    },
    ...{ record: idOf('rec', record_id), sealed: contact ?? undefined },
  }))
}
