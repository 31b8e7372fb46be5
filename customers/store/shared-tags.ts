import type { PendingQuery, Row } from 'postgres'
import type { Reader } from '../../database/client.ts'
import type { MaskDefinitions, RawTags } from './masked-tags.ts'

/** A part of a statement. */
export type Fragment = PendingQuery<Row[]>

/** A row of a statement that answers: from 1 in the order of the answers; 0 is the row of the definitions. */
export type AnswerRow = {
  readonly ordinal: number
  readonly subject: string
  readonly consent_id: string
  readonly expires_at: Date
  readonly tags: RawTags | null
  readonly definitions: MaskDefinitions | null
}

/*
 * Both statements that answer look things up one by one: `limit 1`, or an aggregate, keeps the planner from turning a step
 * into a join over whole tables, which took seconds where statistics were missing.
 */

/** What a partner may be given at all, as `d`. */
export function duties(sql: Reader, partner: Fragment): Fragment {
  return sql`select discloses, synthetic_only from partner_duties where partner_id = ${partner} limit 1`
}

/**
 * The consent that counts now of `s.customer_id` to a partner for a purpose, where `d` lets the partner have data of that
 * customer. The clock is read where the row is: waiting for a lock makes nobody's consent longer.
 */
export function consentThatCounts(sql: Reader, partner: Fragment, purpose: Fragment): Fragment {
  return sql`
    select c.id as consent_id, c.expires_at
    from consents c join customers u on u.id = c.customer_id
    where c.customer_id = s.customer_id and c.partner_id = ${partner} and c.purpose = ${purpose}
      and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp()
      and d.discloses and (u.synthetic or not d.synthetic_only)
    limit 1`
}

/**
 * What `g.consent_id` shares of `s.customer_id` as it was `asked` (a JSON list of names, or null for all): one row with the
 * `names` of the tags that have a value, and the `tags`; nulls when there are none.
 */
export function sharedTags(sql: Reader, asked: Fragment): Fragment {
  return sql`
    select array_agg(name) as names, json_object_agg(name, value) as tags
    from (
      select t.tag_key || ':' || t.granularity as name, v.value
      from consent_tags t join tags v on v.customer_id = s.customer_id and v.tag_key = t.tag_key
      where t.consent_id = g.consent_id
        and t.tag_key <> all (array(select key from tag_definitions where retired_at is not null))
        and (${asked} is null or ${asked} ?| array[t.tag_key, t.tag_key || ':' || t.granularity])
      order by t.tag_key
    ) as shared`
}

/** The answers and the definitions by which they are made coarse, out of a step `found` that has all that was found. */
export function answerRows(sql: Reader): Fragment {
  return sql`
    select ordinal, subject, consent_id, expires_at, tags, null::json as definitions
    from found where consent_id is not null
    union all
    select 0, null, null, null, null, json_object_agg(d.key, json_build_object(
      'type', d.type, 'values', d.values, 'bands', d.bands, 'flag', d.flag))
    from tag_definitions d
    where d.key in (
      select split_part(name, ':', 1) from found, unnest(found.names) as name where name not like '%:exact')`
}
