import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import type { RevenueBase } from '../../agreements/terms.ts'
import type { PathTouch, RevenueFact } from '../../splits/fact-case.ts'
import type { FactScope } from '../case-scope.ts'
import { countsFor, inForceAt, productOf } from './case-parts.ts'

/**
 * `happened`: revenue events of the span in the programme's asset, and refunds of them up to `refundsUntil`. What a refund
 * does not say of product, category and market is taken from the event it refunds, once that was recorded for this customer
 * in this asset; `converted_at` is that one's time, and `judged_at` too where the refund came after the span.
 */
export function happenedEvents(sql: Reader, scope: FactScope): Fragment {
  const { from, to, refundsUntil, clawbackDays } = scope
  const later =
    refundsUntil === undefined
      ? sql``
      : sql`union all ${refundable(sql, scope)} where e.occurred_at >= ${to.toISOString()}
          and e.occurred_at < ${refundsUntil.toISOString()}
          and o.occurred_at >= ${from.toISOString()} and o.occurred_at < ${to.toISOString()}
          ${clawbackDays === undefined ? sql`` : sql`and e.occurred_at < o.occurred_at + make_interval(hours => 24 * ${clawbackDays}::integer)`}`
  return sql`happened as (
    ${refundable(sql, scope)} where e.occurred_at >= ${from.toISOString()} and e.occurred_at < ${to.toISOString()}
    ${later})`
}

function refundable(sql: Reader, { programme, to }: FactScope): Fragment {
  return sql`
    select e.id, e.source, e.external_id, e.base, e.amount, e.customer_id, e.occurred_at,
      coalesce(e.product_source, o.product_source) as product_source,
      coalesce(e.product_external_id, o.product_external_id) as product_external_id,
      coalesce(e.category, o.category) as category, coalesce(e.market, o.market) as market,
      o.occurred_at as refunded_at, coalesce(o.occurred_at, e.occurred_at) as converted_at,
      case when e.occurred_at < ${to.toISOString()} then e.occurred_at else o.occurred_at end as judged_at
    from revenue_events e
    join programmes p on p.id = ${uuidOf(programme)} and p.asset = e.asset
    left join revenue_events o on o.source = e.source and o.external_id = e.refund_of
      and o.customer_id = e.customer_id and o.asset = e.asset`
}

/**
 * `pathed`: events that happened with the members' touches before them: of which agreements, and what they were. A touch
 * counts from `lookback_days` of 24 hours before the conversion (inclusive) to the conversion (exclusive).
 */
export function pathedEvents(sql: Reader): Fragment {
  const inOrder = sql`c.occurred_at, m.partner_code, c.external_id`
  return sql`pathed as (
    select h.*, l.agreements, l.codes, l.path
    from happened h
    ${inForceAt(sql, 'v', sql`h.converted_at`)}
    left join lateral (
      select array_agg(m.agreement_id order by ${inOrder}) as agreements,
        array_agg(m.partner_code order by ${inOrder}) as codes,
        json_agg(json_build_array(${touchColumns(sql)},
          floor(extract(epoch from h.converted_at - c.occurred_at) / 86400)) order by ${inOrder}) as path
      from contributions c join members m on ${countsFor(sql)}
      where c.customer_id = h.customer_id and c.occurred_at < h.converted_at
        and c.occurred_at >= h.converted_at - make_interval(hours => 24 * v.lookback_days)
    ) l on true)`
}

/** What a `TouchRow` begins with. */
export function touchColumns(sql: Reader): Fragment {
  return sql`c.id, c.external_id, floor(extract(epoch from c.occurred_at) * 1000), m.partner_code, c.kind = 'DATA',
    c.campaign`
}

/** The columns of `h` that tell of a revenue event. */
export function eventColumns(sql: Reader): Fragment {
  return sql`h.id as event_id, h.source, h.external_id, h.base, h.amount::text as amount, h.occurred_at,
    h.product_source, h.product_external_id, h.category, h.market`
}

export type EventRow = {
  readonly event_id: string
  readonly source: string
  readonly external_id: string
  readonly base: RevenueBase
  readonly amount: string
  readonly occurred_at: Date
  readonly product_source: string | null
  readonly product_external_id: string | null
  readonly category: string | null
  readonly market: string | null
}

/** A touch as the database tells it: id, external id, milliseconds, partner, whether data, campaign, age in days. */
export type TouchRow = readonly [string, string, number, string, boolean, string | null, number]

export function eventOf(row: EventRow): RevenueFact {
  return {
    id: idOf('rev', row.event_id),
    source: row.source,
    externalId: row.external_id,
    base: row.base,
    minor: BigInt(row.amount),
    occurredAt: row.occurred_at,
    product: productOf(row.product_source, row.product_external_id),
    category: row.category ?? undefined,
    market: row.market ?? undefined,
  }
}

export function touchOf([id, externalId, at, partner, data, campaign, ageDays]: TouchRow): PathTouch {
  const contribution = { id: idOf('ctr', id), externalId, occurredAt: new Date(at) }
  return { ...contribution, partner, data, campaign: campaign ?? undefined, ageDays }
}
