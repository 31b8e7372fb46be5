import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { readBody } from '../../../records/record-body.ts'
import type { DisclosureSearch } from '../../found/disclosure-search.ts'

/** A consent that stood at some moment of the span. */
export type EvidenceConsent = {
  readonly id: Id<'cns'>
  readonly partnerId: Id<'ptr'>
  readonly partner: string
  /** A placeholder once the customer was erased. */
  readonly accountKey: string
  readonly subject: string | undefined
  readonly purpose: string
  readonly status: string
  readonly tags: readonly string[]
  readonly usage: string
  readonly notice: number
  readonly grantedAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | undefined
}

/** A fact that somebody decided, or that a rule did. */
export type Decision = {
  readonly record: Id<'rec'>
  readonly kind: string
  readonly at: string
  readonly actor: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Something that is not as it has to be. */
export type EvidenceException = {
  readonly check: string
  /** Id of what is not as it has to be. */
  readonly about: string
  readonly says: string
  readonly partner: string | undefined
  readonly accountKey: string | undefined
}

/** Whose and of when; a consent, tag or outcome is not looked at. */
export type EvidenceScope = Pick<DisclosureSearch, 'accountKey' | 'partner' | 'from' | 'to'>

type ConsentRow = {
  readonly id: string
  readonly partner_id: string
  readonly code: string
  readonly account_key: string
  readonly subject: string | null
  readonly purpose: string
  readonly status: string
  readonly tags: readonly string[]
  readonly usage: string
  readonly notice_version: number
  readonly granted_at: Date
  readonly expires_at: Date
  readonly ended_at: Date | null
}

/** The next consents of a scope behind one, by their ids. */
export async function selectEvidenceConsents(
  sql: Reader,
  scope: EvidenceScope,
  after: Id<'cns'> | undefined,
  limit: number,
): Promise<readonly EvidenceConsent[]> {
  const rows = await sql<ConsentRow[]>`
    select c.id, c.partner_id, p.code, a.account_key, s.subject, c.purpose, c.status, c.usage, c.notice_version, c.granted_at,
           c.expires_at, c.ended_at, array(select t.tag_key || ':' || t.granularity from consent_tags t
                                           where t.consent_id = c.id order by t.tag_key) as tags
    from consents c
    join partner_duties p on p.partner_id = c.partner_id
    join customers a on a.id = c.customer_id
    left join subjects s on s.partner_id = c.partner_id and s.customer_id = c.customer_id
    where c.granted_at < ${scope.to.toISOString()}::timestamptz
      and (c.ended_at is null or c.ended_at >= ${scope.from.toISOString()}::timestamptz)
      and ${isOf(sql, scope, sql`c`)} ${after === undefined ? sql`` : sql`and c.id > ${uuidOf(after)}::uuid`}
    order by c.id limit ${limit}`
  return rows.map((row) => ({
    id: idOf('cns', row.id),
    partnerId: idOf('ptr', row.partner_id),
    partner: row.code,
    accountKey: row.account_key,
    subject: row.subject ?? undefined,
    purpose: row.purpose,
    status: row.status,
    tags: row.tags,
    usage: row.usage,
    notice: row.notice_version,
    grantedAt: row.granted_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
  }))
}

/** Every text that a purpose's customers were shown by the end of the span. */
export async function selectNoticeTexts(sql: Reader, { to }: EvidenceScope): Promise<readonly object[]> {
  return sql<{ purpose: string }[]>`
    select n.purpose, n.version, n.published_at as "publishedAt", t.locale, t.text, t.hash as sha256
    from notices n join notice_texts t on t.purpose = n.purpose and t.version = n.version
    where n.published_at < ${to.toISOString()}::timestamptz order by n.purpose, n.version, t.locale`
}

const DECISIONS = ['partner', 'client', 'capability', 'alert', 'incident']

/** The next decisions of a span behind one, by their records; of a partner those that name it, or that it may have itself. */
export async function selectDecisions(
  sql: Reader,
  { partner, from, to }: EvidenceScope,
  { own, after, limit }: { readonly own: boolean; readonly after: Id<'rec'> | undefined; readonly limit: number },
): Promise<readonly Decision[]> {
  const of =
    partner === undefined
      ? sql`true`
      : own
        ? sql`r.partner_id = ${uuidOf(partner)}::uuid`
        : sql`position(${partner} in r.body) > 0`
  const rows = await sql<{ body: string }[]>`
    select r.body from records r
    where r.kind = any (${DECISIONS}::text[]) and r.recorded_at >= ${from.toISOString()}::timestamptz
      and r.recorded_at < ${to.toISOString()}::timestamptz and ${of}
      ${after === undefined ? sql`` : sql`and r.id > ${uuidOf(after)}::uuid`}
    order by r.id limit ${limit}`
  return rows.map(({ body }) => {
    const { id, kind, at, actor, data } = readBody(body)
    return { record: id, kind, at, actor, data }
  })
}

/** Whether a row with a partner and a customer is of a scope. */
export function isOf(sql: Reader, { accountKey, partner }: EvidenceScope, row: Fragment): Fragment {
  const customer =
    accountKey === undefined
      ? sql`true`
      : sql`${row}.customer_id = (select k.id from customers k where k.account_key = ${accountKey})`
  return partner === undefined ? customer : sql`${row}.partner_id = ${uuidOf(partner)}::uuid and ${customer}`
}
