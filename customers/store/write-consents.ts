import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { ConsentStatus, Evidence, LifeStatus, Limits, Mover } from '../consent.ts'
import type { SharedTag } from '../granularity.ts'

/** For whom, to whom, for what: at most one consent of these three has its place at a time. */
export type ConsentPlace = {
  readonly customer: Id<'cus'>
  readonly partner: Id<'ptr'>
  readonly purpose: string
}

/** What a step changes in a consent. */
export type ConsentState = {
  readonly status: ConsentStatus
  readonly endedAt: Date | undefined
  readonly suspendedBy: Mover | undefined
  /** How many records tell of it, and the last of them. */
  readonly version: number
  readonly record: Id<'rec'>
}

/** A consent as its records tell of it; without evidence once the customer is erased. */
export type KeptConsent = ConsentPlace &
  ConsentState &
  Limits & {
    readonly id: Id<'cns'>
    readonly tags: readonly SharedTag[]
    readonly grantedAt: Date
    readonly expiresAt: Date
    readonly noticeVersion: number
    readonly crossBorder: string | undefined
    readonly amends: Id<'cns'> | undefined
    readonly edition: number
    readonly evidence: Evidence | undefined
  }

/** A step in the life of a consent or of a request. */
export type KeptEvent = {
  readonly consent: Id<'cns'>
  readonly change: number
  readonly status: LifeStatus
  readonly by: Mover
  readonly at: Date
  readonly record: Id<'rec'>
}

/** Adds consents, what they cover and their limits. The database refuses one whose place is taken. */
export async function insertConsents(tx: Transaction, consents: readonly KeptConsent[]): Promise<void> {
  if (consents.length === 0) return
  await tx`
    insert into consents (id, customer_id, partner_id, purpose, status, granted_at, expires_at, ended_at, version, evidence,
                          record_id, usage, max_per_day, retention_days, notice_version, amends, edition, suspended_by,
                          cross_border)
    select * from jsonb_to_recordset(${JSON.stringify(consents.map(rowOf))}::jsonb) as c (id uuid, customer_id uuid,
      partner_id uuid, purpose text, status text, granted_at timestamptz, expires_at timestamptz, ended_at timestamptz,
      version integer, evidence jsonb, record_id uuid, usage text, max_per_day integer, retention_days integer,
      notice_version integer, amends uuid, edition integer, suspended_by text, cross_border text)`
  const covered = consents.flatMap(({ id, tags }) => tags.map((tag) => ({ ...tag, id: uuidOf(id) })))
  await tx`
    insert into consent_tags (consent_id, tag_key, granularity)
    select id, key, granularity from jsonb_to_recordset(${JSON.stringify(covered)}::jsonb)
      as t (id uuid, key text, granularity text)`
  const limited = consents.flatMap(({ id, usage, maxPerDay }) =>
    usage === 'ONCE' || maxPerDay !== undefined
      ? [{ id: uuidOf(id), most: maxPerDay ?? 1, daily: maxPerDay !== undefined }]
      : [],
  )
  if (limited.length === 0) return
  await tx`
    insert into consent_uses (consent_id, most, daily)
    select id, most, daily from jsonb_to_recordset(${JSON.stringify(limited)}::jsonb)
      as u (id uuid, most integer, daily boolean)`
}

function rowOf({ id, customer, partner, purpose, status, version, evidence, record, ...more }: KeptConsent): object {
  return {
    id: uuidOf(id),
    customer_id: uuidOf(customer),
    partner_id: uuidOf(partner),
    purpose,
    status,
    granted_at: more.grantedAt.toISOString(),
    expires_at: more.expiresAt.toISOString(),
    ended_at: more.endedAt?.toISOString(),
    version,
    evidence,
    record_id: uuidOf(record),
    usage: more.usage,
    max_per_day: more.maxPerDay,
    retention_days: more.retentionDays,
    notice_version: more.noticeVersion,
    amends: more.amends && uuidOf(more.amends),
    edition: more.edition,
    suspended_by: more.suspendedBy,
    cross_border: more.crossBorder,
  }
}

/** Brings consents into the state in which their last records left them. One whose time is over ended then. */
export async function changeConsents(
  tx: Transaction,
  states: readonly (ConsentState & { readonly id: Id<'cns'> })[],
): Promise<void> {
  if (states.length === 0) return
  const rows = states.map(({ id, status, endedAt, suspendedBy, version, record }) => ({
    id: uuidOf(id),
    status,
    ended_at: endedAt?.toISOString(),
    suspended_by: suspendedBy,
    version,
    record_id: uuidOf(record),
  }))
  await tx`
    update consents c
    set status = e.status, ended_at = case when e.ended_at is not null then least(c.expires_at, e.ended_at) end,
        suspended_by = e.suspended_by, version = e.version, record_id = e.record_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (id uuid, status text, ended_at timestamptz,
      suspended_by text, version integer, record_id uuid)
    where c.id = e.id`
}

/** Adds steps. */
export async function insertEvents(tx: Transaction, events: readonly KeptEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ consent, record, at, ...event }) => ({
    ...event,
    consent_id: uuidOf(consent),
    record_id: uuidOf(record),
    at: at.toISOString(),
  }))
  await tx`
    insert into consent_events (consent_id, change, status, by, at, record_id)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (consent_id uuid, change integer, status text,
      by text, at timestamptz, record_id uuid)`
}

/** What a customer's consents have as evidence is no more, for those who are erased. */
export async function forgetEvidence(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length === 0) return
  await tx`
    update consents set evidence = null
    where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[]) and evidence is not null`
}

/** Where a consent stands in the tables. */
export type StandingConsent = ConsentPlace & {
  readonly id: Id<'cns'>
  readonly status: ConsentStatus
  readonly version: number
}

/** Where consents stand that have one of these ids, or have one of these places. */
export async function selectStanding(
  sql: Reader,
  { consents, places }: { readonly consents: readonly Id<'cns'>[]; readonly places: readonly ConsentPlace[] },
): Promise<readonly StandingConsent[]> {
  const rows = await sql<
    {
      id: string
      customer_id: string
      partner_id: string
      purpose: string
      status: ConsentStatus
      version: number
    }[]
  >`
    select c.id, c.customer_id, c.partner_id, c.purpose, c.status, c.version from consents c
    where c.id = any (${consents.map(uuidOf)}::text[]::uuid[])
    union
    select c.id, c.customer_id, c.partner_id, c.purpose, c.status, c.version
    from unnest(
      ${places.map(({ customer }) => uuidOf(customer))}::text[]::uuid[],
      ${places.map(({ partner }) => uuidOf(partner))}::text[]::uuid[], ${places.map(({ purpose }) => purpose)}::text[]
    ) as p (customer_id, partner_id, purpose)
    join consents c on c.customer_id = p.customer_id and c.partner_id = p.partner_id and c.purpose = p.purpose
    where c.status in ('AUTHORISED', 'SUSPENDED')`
  return rows.map(({ id, customer_id, partner_id, ...row }) => ({
    ...row,
    id: idOf('cns', id),
    customer: idOf('cus', customer_id),
    partner: idOf('ptr', partner_id),
  }))
}
