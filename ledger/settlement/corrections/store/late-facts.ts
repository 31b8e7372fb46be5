import type { Fragment } from 'postgres'
import type { Reader } from '../../../../database/client.ts'
import { type Id, uuidOf } from '../../../../kernel/ids.ts'
import type { Month } from '../../../../kernel/month.ts'
import type { LockedMonth } from '../locked-month.ts'

/** Where facts are looked for that some locked month has not seen. */
export type LateSearch = {
  readonly programme: Id<'prg'>
  /** Each with how long after what it refunds a refund counts. */
  readonly months: readonly (LockedMonth & { readonly clawbackDays: number })[]
  /** Refunds of this time or later are none yet. */
  readonly until: Date
  /** For how many days a touch or an event may change what paths are. */
  readonly pathDays: number
  /** Whether balances are looked at, which count in all months after them. */
  readonly balances: boolean
}

/** How many facts came too late, up to ten of their ids, and which months they may change. */
export type LateFacts = {
  readonly facts: number
  readonly examples: readonly Id<LateKind>[]
  readonly months: ReadonlySet<Month>
}

/** Events, contributions, and agreements that were made later. */
type LateKind = 'rev' | 'ctr' | 'agr'

/**
 * Finds facts that concern locked months and were not seen in them: revenue of customers whom a member touched, refunds of
 * it, contributions (also through their binding or their confirmation), and agreements that were made later. Whether a fact
 * was seen is known by its transaction, so that one which committed late is not missed; refunds that happened since are new,
 * whenever they were recorded. A fact is late for all months that it may change: a referral for those from its own on.
 */
export async function findLateFacts(sql: Reader, search: LateSearch): Promise<LateFacts> {
  const since = new Date(Math.min(...search.months.map(({ seen }) => seen.at.getTime())))
  // no transaction lasts a day: what was recorded earlier than that before a cut, the cut has seen
  const after = sql`${since.toISOString()}::timestamptz - interval '1 day'`
  const [row] = await sql<LateRow[]>`
    with locked as materialized (
      select l.month, l.starts_at, l.ends_at, l.cut::pg_snapshot as cut, l.refunds_until, l.clawback_days
      from jsonb_to_recordset(${JSON.stringify(search.months.map(rowOf))}::jsonb) as l (month text, starts_at timestamptz,
        ends_at timestamptz, cut text, refunds_until timestamptz, clawback_days integer)
    ), joined as (
      select a.id, a.partner_id, a.starts_at, a.ends_at, a.record_id from agreements a
      where a.programme_id = ${uuidOf(search.programme)}
    ), fresh as materialized (
      ${freshRevenue(sql, search, after)} union all ${freshContributions(sql, search, after)}
      union all select 'agr', j.id, r.tx_id, j.starts_at, 'infinity', null, null from joined j join records r on r.id = j.record_id
      where r.recorded_at > ${after}
    ), late as (
      select f.kind, f.id, l.month from fresh f
      join locked l on f.since < l.ends_at and f.until >= l.starts_at and not pg_visible_in_snapshot(f.tx_id, l.cut)
      where f.refund_at is null or f.refund_at < l.ends_at
        or (f.refund_at < ${search.until.toISOString()} and ${inTime(sql, sql`f.refund_at`, sql`f.refunded_at`)})
      union
      ${refundsSince(sql, search)}
    )
    select count(distinct f.id)::integer as facts, array_agg(distinct f.month) as months,
      array(select distinct e.kind || '_' || replace(e.id::text, '-', '') from late e order by 1 limit 10) as examples
    from late f`
  return { facts: row?.facts ?? 0, examples: row?.examples ?? [], months: new Set(row?.months ?? []) }
}

type LateRow = {
  readonly facts: number
  readonly months: readonly Month[] | null
  readonly examples: readonly Id<LateKind>[]
}

/** `fresh`: kind, id, transaction, the span that the fact may change, and of refunds when they and what they refund happened. */
function freshRevenue(sql: Reader, search: LateSearch, after: Fragment): Fragment {
  return sql`
    select 'rev' as kind, e.id, r.tx_id, least(e.occurred_at, o.occurred_at) as since, ${untilOf(sql, search)} as until,
      case when o.id is not null then e.occurred_at end as refund_at, o.occurred_at as refunded_at
    ${revenue(sql, search)}
    join records r on r.id = e.record_id
    left join revenue_events o on o.source = e.source and o.external_id = e.refund_of and o.customer_id = e.customer_id
      and o.asset = e.asset
    where e.recorded_at > ${after} and (e.occurred_at < ${lockedEnd(search)} or e.refund_of is not null) and ${touched(sql)}
    union all
    select 'rev', e.id, r.tx_id, f.occurred_at, f.occurred_at, null, null
    ${revenue(sql, search)}
    join records r on r.id = e.record_id
    join revenue_events f on f.source = e.source and f.refund_of = e.external_id and f.customer_id = e.customer_id
      and f.asset = e.asset
    where e.recorded_at > ${after} and (e.occurred_at < ${lockedEnd(search)} or e.refund_of is not null) and ${touched(sql)}`
}

/** Whatever happened after all locked months concerns none of them, unless it takes something back. */
function lockedEnd({ months }: LateSearch): string {
  return new Date(Math.max(...months.map(({ span }) => span.to.getTime()))).toISOString()
}

function revenue(sql: Reader, { programme }: LateSearch): Fragment {
  return sql`from revenue_events e join programmes p on p.id = ${uuidOf(programme)} and p.asset = e.asset`
}

/** Revenue of a customer of whom no member ever told anything concerns nobody. */
function touched(sql: Reader): Fragment {
  return sql`exists (select from contributions c join joined j on j.partner_id = c.partner_id
    where c.customer_id = e.customer_id and c.status = 'CONFIRMED')`
}

function untilOf(sql: Reader, { pathDays, balances }: LateSearch): Fragment {
  const own = sql`least(e.occurred_at, o.occurred_at) + make_interval(hours => 24 * ${pathDays}::integer)`
  return balances ? sql`case when e.base = 'ASSETS' then 'infinity' else ${own} end` : own
}

/** Contributions that count now, by the last of the records that made them count. */
function freshContributions(sql: Reader, search: LateSearch, after: Fragment): Fragment {
  return sql`
    select 'ctr', c.id, r.tx_id, c.occurred_at, case when c.kind in ('REFERRAL', 'COURSE_COMPLETION') then 'infinity'
      else c.occurred_at + make_interval(hours => 24 * ${search.pathDays}::integer) end, null, null
    from (
      select c.id, c.record_id from contributions c where c.recorded_at > ${after}
      union all
      select c.id, b.record_id from lead_bindings b
      join contributions c on c.partner_id = b.partner_id and c.customer_id = b.customer_id
        and (c.lead = b.lead or num_nonnulls(c.lead, c.subject) = 0)
      where b.recorded_at > ${after}
      union all
      select d.contribution_id, d.record_id from contribution_decisions d where d.recorded_at > ${after}
    ) f
    join contributions c on c.id = f.id and c.status = 'CONFIRMED' and c.occurred_at < ${lockedEnd(search)}
    join records r on r.id = f.record_id
    where exists (select from joined j where j.partner_id = c.partner_id and c.occurred_at >= j.starts_at
      and (j.ends_at is null or c.occurred_at < j.ends_at) and (c.agreement_id is null or c.agreement_id = j.id))`
}

/** Refunds of a month's events that happened since it was last looked at. */
function refundsSince(sql: Reader, search: LateSearch): Fragment {
  return sql`
    select 'rev', e.id, l.month
    ${revenue(sql, search)}
    join revenue_events o on o.source = e.source and o.external_id = e.refund_of and o.customer_id = e.customer_id
      and o.asset = e.asset
    join locked l on o.occurred_at >= l.starts_at and o.occurred_at < l.ends_at and e.occurred_at >= l.refunds_until
    where e.refund_of is not null and e.occurred_at < ${search.until.toISOString()}
      and e.occurred_at >= (select min(f.refunds_until) from locked f) and ${touched(sql)} and ${inTime(sql, sql`e.occurred_at`, sql`o.occurred_at`)}`
}

function inTime(sql: Reader, refund: Fragment, refunded: Fragment): Fragment {
  return sql`${refund} < ${refunded} + make_interval(hours => 24 * l.clawback_days)`
}

function rowOf({ month, span, seen, clawbackDays }: LateSearch['months'][number]): object {
  return {
    month,
    starts_at: span.from.toISOString(),
    ends_at: span.to.toISOString(),
    cut: seen.cut,
    refunds_until: seen.refundsUntil.toISOString(),
    clawback_days: clawbackDays,
  }
}
