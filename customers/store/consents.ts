import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Page } from '../../kernel/pages.ts'
import type { Consent, ConsentStatus, Evidence } from '../consent.ts'
import { readSharedTag, type SharedTag } from '../granularity.ts'

/** For whom, to whom, for what: at most one consent of these three counts at a time. */
export type ConsentPlace = {
  readonly customer: Id<'cus'>
  readonly partner: Id<'ptr'>
  readonly purpose: string
}

/** A consent as its records tell of it. */
export type KeptConsent = ConsentPlace & {
  readonly id: Id<'cns'>
  readonly tags: readonly SharedTag[]
  readonly grantedAt: Date
  readonly expiresAt: Date
  readonly evidence: Evidence
  readonly status: ConsentStatus
  readonly endedAt: Date | undefined
  /** How many records tell of it, and the last of them. */
  readonly version: number
  readonly record: Id<'rec'>
}

/** The end of a consent that counts. */
export type ConsentEnd = {
  readonly id: Id<'cns'>
  readonly status: Exclude<ConsentStatus, 'AUTHORISED'>
  readonly at: Date
  readonly record: Id<'rec'>
}

type ConsentRow = {
  readonly id: string
  readonly partner_id: string
  readonly purpose: string
  readonly status: ConsentStatus
  readonly tags: readonly string[]
  readonly subject: string
  readonly granted_at: Date
  readonly expires_at: Date
  readonly ended_at: Date | null
  readonly record_id: string
}

/** Holds the consent that counts in a place until the transaction ends, and says whether its time is over. */
export async function holdCurrent(
  tx: Transaction,
  { customer, partner, purpose }: ConsentPlace,
): Promise<{ readonly id: Id<'cns'>; readonly expired: boolean } | undefined> {
  const [row] = await tx<{ id: string; expired: boolean }[]>`
    select id, expires_at <= clock_timestamp() as expired from consents
    where customer_id = ${uuidOf(customer)} and partner_id = ${uuidOf(partner)} and purpose = ${purpose}
      and status = 'AUTHORISED'
    for update`
  return row && { id: idOf('cns', row.id), expired: row.expired }
}

/** Holds all consents of a customer that count until the transaction ends. */
export async function holdCounting(
  tx: Transaction,
  customer: Id<'cus'>,
): Promise<
  readonly {
    readonly id: Id<'cns'>
    readonly partner: Id<'ptr'>
    readonly purpose: string
    readonly expired: boolean
  }[]
> {
  const rows = await tx<{ id: string; partner_id: string; purpose: string; expired: boolean }[]>`
    select id, partner_id, purpose, expires_at <= clock_timestamp() as expired from consents
    where customer_id = ${uuidOf(customer)} and status = 'AUTHORISED' order by id for update`
  return rows.map(({ id, partner_id, purpose, expired }) => ({
    id: idOf('cns', id),
    partner: idOf('ptr', partner_id),
    purpose,
    expired,
  }))
}

/** Holds one consent of a customer until the transaction ends; nothing for anybody else's. */
export async function holdOwn(
  tx: Transaction,
  customer: Id<'cus'>,
  consent: Id<'cns'>,
): Promise<{ readonly partner: Id<'ptr'>; readonly purpose: string; readonly status: ConsentStatus } | undefined> {
  const [row] = await tx<{ partner_id: string; purpose: string; status: ConsentStatus }[]>`
    select partner_id, purpose,
           case when status = 'AUTHORISED' and expires_at <= clock_timestamp() then 'EXPIRED' else status end as status
    from consents where id = ${uuidOf(consent)} and customer_id = ${uuidOf(customer)}
    for update`
  return row && { partner: idOf('ptr', row.partner_id), purpose: row.purpose, status: row.status }
}

/** The database's time now, in whole milliseconds, as records have it. */
export async function databaseTime(sql: Reader): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  invariant(row, 'the database has a time')
  return row.now
}

/** Adds consents and what they cover. The database refuses one that counts while another counts in its place. */
export async function insertConsents(tx: Transaction, consents: readonly KeptConsent[]): Promise<void> {
  if (consents.length === 0) return
  await tx`
    insert into consents (id, customer_id, partner_id, purpose, status, granted_at, expires_at, ended_at, version, evidence,
                          record_id)
    select * from jsonb_to_recordset(${JSON.stringify(consents.map(rowOf))}::jsonb) as c (id uuid, customer_id uuid,
      partner_id uuid, purpose text, status text, granted_at timestamptz, expires_at timestamptz, ended_at timestamptz,
      version integer, evidence jsonb, record_id uuid)`
  const covered = consents.flatMap(({ id, tags }) => tags.map((tag) => ({ ...tag, id: uuidOf(id) })))
  await tx`
    insert into consent_tags (consent_id, tag_key, granularity)
    select id, key, granularity from jsonb_to_recordset(${JSON.stringify(covered)}::jsonb)
      as t (id uuid, key text, granularity text)`
}

function rowOf({ id, customer, partner, purpose, status, version, evidence, record, ...times }: KeptConsent): object {
  return {
    id: uuidOf(id),
    customer_id: uuidOf(customer),
    partner_id: uuidOf(partner),
    purpose,
    status,
    granted_at: times.grantedAt.toISOString(),
    expires_at: times.expiresAt.toISOString(),
    ended_at: times.endedAt?.toISOString(),
    version,
    evidence,
    record_id: uuidOf(record),
  }
}

/** Ends consents that count. One whose time is over ended then. */
export async function endConsents(tx: Transaction, ends: readonly ConsentEnd[]): Promise<void> {
  if (ends.length === 0) return
  await tx`
    update consents c
    set status = e.status, ended_at = least(c.expires_at, e.at), version = c.version + 1, record_id = e.record_id
    from unnest(
      ${ends.map(({ id }) => uuidOf(id))}::text[]::uuid[], ${ends.map(({ status }) => status)}::text[],
      ${ends.map(({ at }) => at.toISOString())}::text[]::timestamptz[],
      ${ends.map(({ record }) => uuidOf(record))}::text[]::uuid[]
    ) as e (id, status, at, record_id)
    where c.id = e.id`
}

/** Where consents stand that have one of these ids, or count in one of these places. */
export async function selectStanding(
  sql: Reader,
  { consents, places }: { readonly consents: readonly Id<'cns'>[]; readonly places: readonly ConsentPlace[] },
): Promise<readonly (ConsentPlace & { readonly id: Id<'cns'>; readonly status: ConsentStatus })[]> {
  const rows = await sql<
    { id: string; customer_id: string; partner_id: string; purpose: string; status: ConsentStatus }[]
  >`
    select c.id, c.customer_id, c.partner_id, c.purpose, c.status from consents c
    where c.id = any (${consents.map(uuidOf)}::text[]::uuid[])
    union
    select c.id, c.customer_id, c.partner_id, c.purpose, c.status
    from unnest(
      ${places.map(({ customer }) => uuidOf(customer))}::text[]::uuid[],
      ${places.map(({ partner }) => uuidOf(partner))}::text[]::uuid[], ${places.map(({ purpose }) => purpose)}::text[]
    ) as p (customer_id, partner_id, purpose)
    join consents c on c.customer_id = p.customer_id and c.partner_id = p.partner_id and c.purpose = p.purpose
    where c.status = 'AUTHORISED'`
  return rows.map(({ id, customer_id, partner_id, purpose, status }) => ({
    id: idOf('cns', id),
    customer: idOf('cus', customer_id),
    partner: idOf('ptr', partner_id),
    purpose,
    status,
  }))
}

/** One consent of a customer. */
export async function selectConsent(sql: Reader, customer: Id<'cus'>, consent: Id<'cns'>): Promise<Consent> {
  const [row] = await sql<ConsentRow[]>`
    select ${consentColumns(sql)}
    from consents c join subjects s on s.partner_id = c.partner_id and s.customer_id = c.customer_id
    where c.id = ${uuidOf(consent)} and c.customer_id = ${uuidOf(customer)}`
  invariant(row, `consent ${consent} is there`)
  return consentOf(row)
}

/** Up to one more than the page holds, the newest first. */
export async function selectConsents(
  sql: Reader,
  customer: Id<'cus'>,
  { cursor, direction, limit }: Page,
): Promise<readonly Consent[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const beyond = from === undefined ? sql`` : forward ? sql`and c.id < ${from}::uuid` : sql`and c.id > ${from}::uuid`
  const rows = await sql<ConsentRow[]>`
    select ${consentColumns(sql)}
    from consents c join subjects s on s.partner_id = c.partner_id and s.customer_id = c.customer_id
    where c.customer_id = ${uuidOf(customer)} ${beyond}
    order by c.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(consentOf)
}

function consentColumns(sql: Reader) {
  return sql`
    c.id, c.partner_id, c.purpose, s.subject, c.granted_at, c.expires_at, c.record_id,
    case when c.status = 'AUTHORISED' and c.expires_at <= statement_timestamp() then 'EXPIRED' else c.status end as status,
    case when c.status = 'AUTHORISED' and c.expires_at <= statement_timestamp() then c.expires_at else c.ended_at end
      as ended_at,
    array(select t.tag_key || ':' || t.granularity from consent_tags t where t.consent_id = c.id order by t.tag_key) as tags`
}

function consentOf(row: ConsentRow): Consent {
  const endedAt = row.ended_at ?? undefined
  return {
    id: idOf('cns', row.id),
    partnerId: idOf('ptr', row.partner_id),
    purpose: row.purpose,
    status: row.status,
    tags: row.tags.flatMap((tag) => readSharedTag(tag) ?? []),
    subject: row.subject,
    grantedAt: row.granted_at,
    expiresAt: row.expires_at,
    endedAt,
    record: idOf('rec', row.record_id),
    revokedAt: row.status === 'REVOKED' ? endedAt : undefined,
  }
}
