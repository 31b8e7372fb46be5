import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type EvidenceException, type EvidenceScope, isOf } from './evidence-rows.ts'

type Row = {
  readonly about: string
  readonly says: string
  readonly code: string | null
  readonly account_key: string | null
}

const AT_ONCE = 500

/** A check: a select of `about`, `says`, `partner_id` and `customer_id` for each row that is not as it has to be. */
type Check = (sql: Reader, scope: EvidenceScope) => Fragment

/** Looks at every row of a scope, and gives what is not as it has to be, portion by portion. Nothing else may run in `sql` meanwhile. */
export async function* selectExceptions(
  sql: Reader,
  scope: EvidenceScope,
  check: keyof typeof CHECKS,
): AsyncGenerator<readonly EvidenceException[]> {
  const rows = sql<Row[]>`
    select e.about, e.says, p.code, a.account_key
    from (${CHECKS[check](sql, scope)}) e
    left join partner_duties p on p.partner_id = e.partner_id
    left join customers a on a.id = e.customer_id`.cursor(AT_ONCE)
  for await (const portion of rows) {
    yield portion.map(({ about, says, code, account_key }) => ({
      check,
      about,
      says,
      partner: code ?? undefined,
      accountKey: account_key ?? undefined,
    }))
  }
}

/**
 * Disclosures are compared with the steps of their consents. A step has the time at which its transaction began, and a read
 * may have begun just before that committed: five seconds either way are no exception.
 */
const CHECKS = {
  DISCLOSED_WITHOUT_CONSENT: (sql, scope) => sql`
    select ${named(sql, 'dis', sql`d.id`)} as about, 'no consent of this customer to this partner stood at ' || d.at as says,
           d.partner_id, d.customer_id
    from disclosures d
    where d.outcome = 'disclosed' and ${inSpan(sql, scope, sql`d.at`)} and ${isOf(sql, scope, sql`d`)}
      and not exists (
        select from consents c join consent_events e on e.consent_id = c.id and e.status = 'AUTHORISED'
        left join consent_events n on n.consent_id = c.id and n.change = e.change + 1
        where c.id = d.consent_id and c.customer_id = d.customer_id and c.partner_id = d.partner_id
          and c.purpose = d.purpose and e.at <= d.at + interval '5 seconds'
          and least(n.at, c.expires_at) > d.at - interval '5 seconds')`,
  DISCLOSED_BEYOND_CONSENT: (sql, scope) => sql`
    select ${named(sql, 'dis', sql`d.id`)} as about, 'the consent does not cover ' || t.tag as says, d.partner_id, d.customer_id
    from disclosures d cross join lateral unnest(d.tags) as t (tag)
    where d.outcome = 'disclosed' and ${inSpan(sql, scope, sql`d.at`)} and ${isOf(sql, scope, sql`d`)}
      and not exists (select from consent_tags ct
        where ct.consent_id = d.consent_id and ct.tag_key || ':' || ct.granularity = t.tag)`,
  DISCLOSURE_NOT_IN_LOG: (sql, scope) => sql`
    select ${named(sql, 'dis', sql`d.id`)} as about, 'it is in no batch, five minutes after it was made' as says,
           d.partner_id, d.customer_id
    from disclosures d, disclosure_head h
    where ${inSpan(sql, scope, sql`d.at`)} and ${isOf(sql, scope, sql`d`)} and (d.tx_id, d.id) > (h.tx_id, h.disclosure_id)
      and d.at < clock_timestamp() - interval '5 minutes'`,
  CONSENT_WITHOUT_NOTICE: (sql, scope) => sql`
    select ${named(sql, 'cns', sql`c.id`)} as about,
           case c.notice_version when 0 then 'no notice was shown, though there was one'
             else 'the notice ' || c.notice_version || ' that was shown is not kept' end as says,
           c.partner_id, c.customer_id
    from consents c
    where ${standing(sql, scope)} and case c.notice_version
      when 0 then exists (select from notices n where n.purpose = c.purpose and n.published_at < c.granted_at)
      else not exists (select from notice_texts t where t.purpose = c.purpose and t.version = c.notice_version) end`,
  RECEIPT_MISSING: (sql, scope) => sql`
    select ${named(sql, 'cns', sql`c.id`)} as about,
           case when e.change is null then 'it has no steps that a receipt could tell of'
             else 'the record of step ' || e.change || ' is not in the log' end as says,
           c.partner_id, c.customer_id
    from consents c left join consent_events e on e.consent_id = c.id
    where ${standing(sql, scope)} and not exists (select from records r where r.id = e.record_id and r.kind = 'consent')`,
  DELETION_OVERDUE: (sql, scope) => sql`
    select ${named(sql, 'cns', sql`c.consent_id`)} as about, 'the partner has not said that it deleted, by ' || c.due_at as says,
           c.partner_id, c.customer_id
    from consent_deletions c
    where c.attested_at is null and c.due_at < clock_timestamp() and ${inSpan(sql, scope, sql`c.due_at`)}
      and ${isOf(sql, scope, sql`c`)}`,
} satisfies Readonly<Record<string, Check>>

/** Every check there is, in the order of a pack. */
export const EXCEPTION_CHECKS: readonly (keyof typeof CHECKS)[] = Object.keys(CHECKS).filter(isCheck)

function isCheck(name: string): name is keyof typeof CHECKS {
  return name in CHECKS
}

function inSpan(sql: Reader, { from, to }: EvidenceScope, at: Fragment): Fragment {
  return sql`${at} >= ${from.toISOString()}::timestamptz and ${at} < ${to.toISOString()}::timestamptz`
}

function standing(sql: Reader, scope: EvidenceScope): Fragment {
  const { from, to } = scope
  return sql`c.granted_at < ${to.toISOString()}::timestamptz
    and (c.ended_at is null or c.ended_at >= ${from.toISOString()}::timestamptz) and ${isOf(sql, scope, sql`c`)}`
}

/** An id as it is written outside. */
function named(sql: Reader, prefix: 'dis' | 'cns', id: Fragment): Fragment {
  return sql`${prefix}::text || '_' || replace(${id}::text, '-', '')`
}
