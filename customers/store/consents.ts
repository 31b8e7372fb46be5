import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Page } from '../../kernel/pages.ts'
import type { Consent, ConsentStatus, Mover, Usage } from '../consent.ts'
import { readSharedTag } from '../granularity.ts'

type ConsentRow = {
  readonly id: string
  readonly partner_id: string
  readonly purpose: string
  readonly status: ConsentStatus
  readonly tags: readonly string[]
  readonly subject: string
  readonly usage: Usage
  readonly max_per_day: number | null
  readonly retention_days: number | null
  readonly notice_version: number
  readonly edition: number
  readonly amends: string | null
  readonly suspended_by: Mover | null
  readonly cross_border: string | null
  readonly granted_at: Date
  readonly expires_at: Date
  readonly ended_at: Date | null
  readonly record_id: string
}

/** One consent of a customer. */
export async function selectConsent(sql: Reader, customer: Id<'cus'>, consent: Id<'cns'>): Promise<Consent> {
  const [row] = await sql<ConsentRow[]>`
    ${consentRows(sql)} where c.id = ${uuidOf(consent)} and c.customer_id = ${uuidOf(customer)}`
  invariant(row, `consent ${consent} is there`)
  return consentOf(row)
}

/** Those of these consents that a customer gave, or that a partner was given; another's is missing as an unknown one is. */
export async function selectOwnConsents(
  sql: Reader,
  consents: readonly Id<'cns'>[],
  whose: { readonly customer: Id<'cus'> } | { readonly partner: Id<'ptr'> },
): Promise<readonly Consent[]> {
  const own =
    'customer' in whose ? sql`c.customer_id = ${uuidOf(whose.customer)}` : sql`c.partner_id = ${uuidOf(whose.partner)}`
  const rows = await sql<ConsentRow[]>`
    ${consentRows(sql)} where c.id = any (${consents.map(uuidOf)}::text[]::uuid[]) and ${own} order by c.id`
  return rows.map(consentOf)
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
    ${consentRows(sql)} where c.customer_id = ${uuidOf(customer)} ${beyond}
    order by c.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(consentOf)
}

function consentRows(sql: Reader) {
  return sql`
    select c.id, c.partner_id, c.purpose, s.subject, c.granted_at, c.expires_at, c.record_id, c.usage, c.max_per_day,
           c.retention_days, c.notice_version, c.edition, c.amends, c.suspended_by, c.cross_border, n.status, n.ended_at,
           array(select t.tag_key || ':' || t.granularity from consent_tags t where t.consent_id = c.id
                 order by t.tag_key) as tags
    from consents c
    join subjects s on s.partner_id = c.partner_id and s.customer_id = c.customer_id
    cross join lateral consent_standing(c, statement_timestamp()) as n`
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
    usage: row.usage,
    maxPerDay: row.max_per_day ?? undefined,
    retentionDays: row.retention_days ?? undefined,
    noticeVersion: row.notice_version,
    version: row.edition,
    amends: row.amends === null ? undefined : idOf('cns', row.amends),
    suspendedBy: row.status === 'SUSPENDED' ? (row.suspended_by ?? undefined) : undefined,
    crossBorder: row.cross_border ?? undefined,
    grantedAt: row.granted_at,
    expiresAt: row.expires_at,
    endedAt,
    record: idOf('rec', row.record_id),
    revokedAt: row.status === 'REVOKED' ? endedAt : undefined,
  }
}
