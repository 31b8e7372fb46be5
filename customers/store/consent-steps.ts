import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { LifeStatus, Mover } from '../consent.ts'
import { readSharedTag, type SharedTag } from '../granularity.ts'
import type { KeptEvent } from './write-consents.ts'

/** Whose consents may be looked at: a customer's own, or those that a partner asked for. */
export type Whose = { readonly customer: Id<'cus'> } | { readonly partner: Id<'ptr'> }

/** A step, and the terms of the request or consent as they were at that step. */
export type ConsentStep = KeptEvent & {
  readonly partner: Id<'ptr'>
  readonly partnerCode: string
  /** The pairwise pseudonym; absent until a customer has agreed. */
  readonly subject: string | undefined
  readonly purpose: string
  readonly tags: readonly (SharedTag & { readonly category: string; readonly sensitivity: string })[]
  readonly expiresAt: Date
  readonly usage: string
  readonly maxPerDay: number | undefined
  readonly retentionDays: number | undefined
  readonly noticeVersion: number
  /** SHA-256 of the notice's texts, by language. */
  readonly noticeHashes: Readonly<Record<string, string>>
  readonly amends: Id<'cns'> | undefined
  /** Where the data may go, if the partner is not here. */
  readonly crossBorder: string | undefined
}

type StepRow = {
  readonly consent_id: string
  readonly change: number
  readonly status: LifeStatus
  readonly by: Mover
  readonly at: Date
  readonly record_id: string
  readonly partner_id: string
  readonly code: string
  readonly subject: string | null
  readonly purpose: string
  readonly tags: readonly string[]
  readonly definitions: Readonly<Record<string, { readonly category: string; readonly sensitivity: string }>> | null
  readonly expires_at: Date
  readonly usage: string
  readonly max_per_day: number | null
  readonly retention_days: number | null
  readonly notice_version: number
  readonly notice_hashes: Readonly<Record<string, string>> | null
  readonly amends: string | null
  readonly cross_border: string | null
}

/** The last steps of one consent, the latest first; none where it is somebody else's, or nobody's. */
export async function selectSteps(
  sql: Reader,
  consent: Id<'cns'>,
  whose: Whose,
  limit: number,
): Promise<readonly ConsentStep[]> {
  const owned =
    'customer' in whose ? sql`t.customer_id = ${uuidOf(whose.customer)}` : sql`t.partner_id = ${uuidOf(whose.partner)}`
  const rows = await sql<StepRow[]>`
    with terms as (
      select c.id, c.partner_id, c.customer_id, s.subject, c.purpose, c.expires_at, c.usage, c.max_per_day,
             c.retention_days, c.notice_version, c.amends, c.cross_border, true as given,
             array(select t.tag_key || ':' || t.granularity from consent_tags t where t.consent_id = c.id
                   order by t.tag_key) as tags
      from consents c left join subjects s on s.partner_id = c.partner_id and s.customer_id = c.customer_id
      where c.id = ${uuidOf(consent)}
      union all
      select r.id, r.partner_id, r.customer_id, null, r.purpose, r.expires_at, r.usage, r.max_per_day, r.retention_days,
             r.notice_version, null, null, false, r.tags
      from consent_requests r where r.id = ${uuidOf(consent)}
    )
    select e.consent_id, e.change, e.status, e.by, e.at, e.record_id, t.partner_id, p.code, t.subject, t.purpose, t.tags,
           t.expires_at, t.usage, t.max_per_day, t.retention_days, t.notice_version, t.amends,
           t.cross_border,
           (select jsonb_object_agg(n.locale, n.hash) from notice_texts n
            where n.purpose = t.purpose and n.version = t.notice_version) as notice_hashes,
           (select jsonb_object_agg(d.key, jsonb_build_object('category', d.category, 'sensitivity', d.sensitivity))
            from tag_definitions d where d.key = any (array(select split_part(tag, ':', 1) from unnest(t.tags) as tag)))
             as definitions
    from consent_events e
    join terms t on t.given = (e.status not in ('AWAITING', 'REJECTED', 'LAPSED'))
    join partner_duties p on p.partner_id = t.partner_id
    where e.consent_id = ${uuidOf(consent)} and ${owned}
    order by e.change desc limit ${limit}`
  return rows.map(stepOf)
}

function stepOf({ tags, definitions, ...row }: StepRow): ConsentStep {
  const shared = tags.flatMap((tag) => readSharedTag(tag) ?? [])
  return {
    consent: idOf('cns', row.consent_id),
    change: row.change,
    status: row.status,
    by: row.by,
    at: row.at,
    record: idOf('rec', row.record_id),
    partner: idOf('ptr', row.partner_id),
    partnerCode: row.code,
    subject: row.subject ?? undefined,
    purpose: row.purpose,
    tags: shared.map((tag) => ({ ...tag, ...(definitions?.[tag.key] ?? { category: '', sensitivity: '' }) })),
    expiresAt: row.expires_at,
    usage: row.usage,
    maxPerDay: row.max_per_day ?? undefined,
    retentionDays: row.retention_days ?? undefined,
    noticeVersion: row.notice_version,
    noticeHashes: row.notice_hashes ?? {},
    amends: row.amends === null ? undefined : idOf('cns', row.amends),
    crossBorder: row.cross_border ?? undefined,
  }
}
