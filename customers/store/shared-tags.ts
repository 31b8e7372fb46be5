import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'
import type { TagKeyRow } from '../sealing/store/tag-keys.ts'
import { tagKeysJson } from '../sealing/store/tag-keys.ts'
import { type KeptTags, keptValue } from './kept-values.ts'
import type { MaskDefinitions } from './masked-tags.ts'
import { valueNow } from './value-now.ts'

/** A row of a statement that answers: from 1 in the order of the answers; 0 is the row of definitions and keys. */
export type AnswerRow = {
  readonly ordinal: number
  readonly subject: string
  readonly customer_id: string
  readonly consent_id: string
  readonly expires_at: Date
  readonly tags: KeptTags | null
  readonly definitions: MaskDefinitions | null
  readonly keys: readonly TagKeyRow[] | null
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
 * customer, and whether it is `limited`. The clock is read where the row is: waiting for a lock makes nobody's consent
 * longer. One that is seen to be used up is passed over; whether it really is not is for {@link withinLimits}.
 */
export function consentThatCounts(sql: Reader, partner: Fragment, purpose: Fragment): Fragment {
  return sql`
    select c.id as consent_id, c.expires_at, c.usage = 'ONCE' or c.max_per_day is not null as limited
    from consents c join customers u on u.id = c.customer_id
    where c.customer_id = s.customer_id and c.partner_id = ${partner} and c.purpose = ${purpose}
      and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp()
      and c.purpose <> all (array(select key from purposes where direction = 'SUPPLY'))
      and d.discloses and (u.synthetic or not d.synthetic_only)
      and exists (
        select from partner_borders b
        where b.partner_id = c.partner_id and (not b.abroad or b.jurisdiction = c.cross_border)
      )
      and not exists (
        select from notices n
        where n.purpose = c.purpose and n.version > c.notice_version and n.earlier_until <= clock_timestamp()
      )
      and (c.usage = 'RECURRING' and c.max_per_day is null or exists (
        select from consent_uses u where u.consent_id = c.id and ${usedToday(sql)} < u.most
      ))
    limit 1`
}

/** What counts against the limit of `u`. A day that another statement has begun is not gone back on. */
function usedToday(sql: Reader): Fragment {
  return sql`case when not u.daily or u.day >= ${today(sql)} then u.used else 0 end`
}

function today(sql: Reader): Fragment {
  return sql`(statement_timestamp() at time zone 'UTC')::date`
}

/**
 * What `g.consent_id` shares of `s.customer_id` with the partner, of the categories that it may have, as it was `asked` (a
 * JSON list of names, or null for all): one row with the `names` of the tags that have a value, and the `tags`; nulls when
 * there are none.
 */
export function sharedTags(sql: Reader, partner: Fragment, asked: Fragment): Fragment {
  return sql`
    select array_agg(name) as names, json_object_agg(name, value) as tags,
           array_agg(name || ' ' || supplier_id) filter (where supplier_id <> nobody()) as supplied
    from (
      select t.tag_key || ':' || t.granularity as name, ${keptValue(sql)} as value, v.supplier_id
      from consent_tags t
      cross join lateral (${valueNow(sql, { customer: sql`s.customer_id`, key: sql`t.tag_key` })}) as v
      where t.consent_id = g.consent_id
        and t.tag_key <> all (array(select key from tag_definitions where retired_at is not null))
        and ${mayHave(sql, partner)}
        and (${asked} is null or ${asked} ?| array[t.tag_key, t.tag_key || ':' || t.granularity])
      order by t.tag_key
    ) as shared`
}

/** Whether a partner may have tags of the category of `t.tag_key`: its capability, else the default. */
export function mayHave(sql: Reader, partner: Fragment): Fragment {
  return sql`coalesce((
      select p.status from tag_definitions d join partner_capabilities p on p.kind = 'TAGS' and p.key = d.category
      where d.key = t.tag_key and p.partner_id = ${partner}
      limit 1),
    (select f.status from capability_defaults f where f.kind = 'TAGS')) = 'ACTIVE'`
}

/**
 * Steps behind `found`, which say in `answered` what is `allowed` by the limits, and count it. Of reads that would give
 * something under one limited consent, as many pass as are left: the count is locked, in one order for all, and read as it
 * is then. What is not allowed has no names and no tags.
 */
export function withinLimits(sql: Reader): Fragment {
  return sql`
    held as (
      select l.consent_id, u.most, u.left_over, u.day
      from (select distinct consent_id from found where limited and names is not null order by consent_id) as l
      cross join lateral (
        select u.most, u.most - ${usedToday(sql)} as left_over, greatest(u.day, ${today(sql)}) as day
        from consent_uses u where u.consent_id = l.consent_id limit 1 for update
      ) as u
    ), placed as (
      select f.*, f.names is null or not f.limited or coalesce(h.left_over, 0) >= row_number() over (
        partition by f.consent_id, f.names is null order by f.ordinal) as allowed
      from found f left join held h on f.limited and h.consent_id = f.consent_id
    ), answered as (
      select p.*, case when allowed then p.names end as given from placed p
    ), counted as (
      update consent_uses u
      set day = h.day, used = h.most - h.left_over + g.given, last_at = statement_timestamp()
      from (
        select consent_id, count(*) as given from placed where limited and allowed and names is not null group by consent_id
      ) as g join held h on h.consent_id = g.consent_id
      where u.consent_id = g.consent_id
    )`
}

/** The answers, the definitions by which they are made coarse, and the keys under which they open; of what is not allowed, what `which` lets through. */
export function answerRows(sql: Reader, which: Fragment): Fragment {
  return sql`
    select ordinal, subject, customer_id, consent_id, expires_at, case when allowed then tags end as tags,
           null::json as definitions, null::json as keys
    from answered where consent_id is not null and ${which}
    union all
    select 0, null, null, null, null, null, json_object_agg(d.key, json_build_object(
      'type', d.type, 'values', d.values, 'bands', d.bands, 'flag', d.flag)), ${tagKeysJson(sql)}
    from tag_definitions d
    where d.key in (
      select split_part(name, ':', 1) from answered, unnest(answered.given) as name where name not like '%:exact')`
}
