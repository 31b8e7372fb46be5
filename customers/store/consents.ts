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

export type NewConsent = ConsentPlace & {
  readonly id: Id<'cns'>
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  readonly evidence: Evidence
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

/** Adds a consent and what it covers. The database refuses it while another counts in its place. */
export async function insertConsent(tx: Transaction, consent: NewConsent): Promise<void> {
  const { id, customer, partner, purpose, tags, expiresAt, evidence, record } = consent
  await tx`
    with granted as (
      insert into consents (id, customer_id, partner_id, purpose, granted_at, expires_at, evidence, record_id)
      values (${uuidOf(id)}, ${uuidOf(customer)}, ${uuidOf(partner)}, ${purpose}, statement_timestamp(),
              ${expiresAt.toISOString()}::timestamptz, ${JSON.stringify(evidence)}::jsonb, ${uuidOf(record)})
      returning id
    )
    insert into consent_tags (consent_id, tag_key, granularity)
    select granted.id, shared.key, shared.granularity
    from granted, unnest(${tags.map(({ key }) => key)}::text[],
                         ${tags.map(({ granularity }) => granularity)}::text[]) as shared (key, granularity)`
}

/** Ends a consent that is held and counts. One whose time is over ended then. */
export async function endConsent(
  tx: Transaction,
  consent: Id<'cns'>,
  { status, record }: { readonly status: Exclude<ConsentStatus, 'AUTHORISED'>; readonly record: Id<'rec'> },
): Promise<void> {
  await tx`
    update consents
    set status = ${status}, ended_at = least(expires_at, clock_timestamp()), version = version + 1,
        record_id = ${uuidOf(record)}
    where id = ${uuidOf(consent)}`
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
