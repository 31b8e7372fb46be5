import type { Fragment, PendingQuery } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Span } from '../../../kernel/month.ts'
import type { ProductRef, RevenueBase } from '../../agreements/terms.ts'

/** The facts of one programme in one span of time, usually a period. */
export type ReferralScope = Span & { readonly programme: Id<'prg'> }

/** One revenue event of a customer who was referred to the programme, and the referral that holds for that customer. */
export type ReferralFact = {
  readonly agreement: Id<'agr'>
  readonly partner: Id<'ptr'>
  readonly partnerCode: string
  readonly customer: Id<'cus'>
  /** The version in force at the referral, which governs the whole window; without one the referral earns nothing. */
  readonly terms: Id<'trm'> | undefined
  readonly referral: {
    readonly id: Id<'ctr'>
    readonly externalId: string
    readonly occurredAt: Date
    readonly campaign: string | undefined
    readonly market: string | undefined
    readonly product: ProductRef | undefined
  }
  /** What a refund does not say of product, category and market is taken from the event it refunds. */
  readonly event: {
    readonly id: Id<'rev'>
    readonly source: string
    readonly externalId: string
    readonly base: RevenueBase
    readonly minor: bigint
    readonly occurredAt: Date
    readonly recordedAt: Date
    readonly product: ProductRef | undefined
    readonly category: string | undefined
    readonly market: string | undefined
    /** The event that is refunded; its time is known once it was recorded, for this customer in this asset. */
    readonly refundOf: { readonly externalId: string; readonly occurredAt: Date | undefined } | undefined
  }
}

/**
 * The revenue events of the span, in the programme's asset, of customers for whom a referral holds, from that referral
 * on; by partner's code, source and external id (bytewise), in batches. A referral holds for a customer when it is the
 * earliest confirmed one by any member, within that member's agreement; ties go to the smaller partner's code, then to
 * the smaller external id. Windows, filters and rates are the rules' business. Source: RULES §2.
 */
export async function* streamReferralFacts(
  sql: Reader,
  scope: ReferralScope,
  rowsPerBatch = 5000,
): AsyncGenerator<readonly ReferralFact[]> {
  for await (const rows of referralFacts(sql, scope).cursor(rowsPerBatch)) yield rows.map(factOf)
}

/** The same, all at once. */
export async function readReferralFacts(sql: Reader, scope: ReferralScope): Promise<readonly ReferralFact[]> {
  return (await referralFacts(sql, scope)).map(factOf)
}

/** How many events of such customers were left out because they are in another asset than the programme's, by asset. */
export async function countOtherAssets(
  sql: Reader,
  scope: ReferralScope,
): Promise<readonly { readonly asset: Asset; readonly events: number }[]> {
  const rows = await sql<{ asset: Asset; events: number }[]>`
    with ${heldReferrals(sql, scope)}
    select e.asset, count(*)::integer as events
    from held h
    join revenue_events e on e.customer_id = h.customer_id and e.occurred_at >= h.occurred_at
    join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset <> e.asset
    where e.occurred_at >= ${scope.from.toISOString()} and e.occurred_at < ${scope.to.toISOString()}
    group by e.asset order by e.asset collate "C"`
  return [...rows]
}

function referralFacts(sql: Reader, scope: ReferralScope): PendingQuery<FactRow[]> {
  return sql<FactRow[]>`
    with ${heldReferrals(sql, scope)}
    select h.agreement_id, h.partner_id, h.partner_code, h.customer_id, t.terms_id,
      h.contribution_id, h.external_id as referral_external_id, h.occurred_at as referred_at, h.campaign,
      h.market as referral_market, h.product_source as referral_product_source,
      h.product_external_id as referral_product_external_id,
      e.id as event_id, e.source, e.external_id, e.base, e.amount, e.occurred_at, e.recorded_at,
      coalesce(e.product_source, o.product_source) as product_source,
      coalesce(e.product_external_id, o.product_external_id) as product_external_id,
      coalesce(e.category, o.category) as category, coalesce(e.market, o.market) as market,
      e.refund_of, o.occurred_at as refunded_at
    from held h
    join revenue_events e on e.customer_id = h.customer_id and e.occurred_at >= h.occurred_at
    join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset = e.asset
    left join terms_in_force t on t.programme_id = p.id
      and h.occurred_at >= t.effective_from and (t.effective_to is null or h.occurred_at < t.effective_to)
    left join revenue_events o on o.source = e.source and o.external_id = e.refund_of
      and o.customer_id = e.customer_id and o.asset = e.asset
    where e.occurred_at >= ${scope.from.toISOString()} and e.occurred_at < ${scope.to.toISOString()}
    order by h.partner_code collate "C", e.source, e.external_id`
}

/** `held`: one row for each customer of the programme. A referral after the span has no part in it. */
function heldReferrals(sql: Reader, { programme, to }: ReferralScope): Fragment {
  return sql`held as (
    select distinct on (c.customer_id) c.customer_id, a.id as agreement_id, a.partner_id, d.code as partner_code,
      c.id as contribution_id, c.external_id, c.occurred_at, c.campaign, c.market, c.product_source,
      c.product_external_id
    from agreements a
    join partner_duties d on d.partner_id = a.partner_id
    join contributions c on c.partner_id = a.partner_id and c.kind = 'REFERRAL' and c.status = 'CONFIRMED'
      and c.occurred_at >= a.starts_at and (a.ends_at is null or c.occurred_at < a.ends_at)
      and (c.agreement_id is null or c.agreement_id = a.id)
    where a.programme_id = ${uuidOf(programme)} and c.occurred_at < ${to.toISOString()}
    order by c.customer_id, c.occurred_at, d.code collate "C", c.external_id)`
}

type FactRow = {
  readonly agreement_id: string
  readonly partner_id: string
  readonly partner_code: string
  readonly customer_id: string
  readonly terms_id: string | null
  readonly contribution_id: string
  readonly referral_external_id: string
  readonly referred_at: Date
  readonly campaign: string | null
  readonly referral_market: string | null
  readonly referral_product_source: string | null
  readonly referral_product_external_id: string | null
  readonly event_id: string
  readonly source: string
  readonly external_id: string
  readonly base: RevenueBase
  readonly amount: string
  readonly occurred_at: Date
  readonly recorded_at: Date
  readonly product_source: string | null
  readonly product_external_id: string | null
  readonly category: string | null
  readonly market: string | null
  readonly refund_of: string | null
  readonly refunded_at: Date | null
}

function factOf(row: FactRow): ReferralFact {
  return {
    agreement: idOf('agr', row.agreement_id),
    partner: idOf('ptr', row.partner_id),
    partnerCode: row.partner_code,
    customer: idOf('cus', row.customer_id),
    terms: row.terms_id === null ? undefined : idOf('trm', row.terms_id),
    referral: referralOf(row),
    event: eventOf(row),
  }
}

function referralOf(row: FactRow): ReferralFact['referral'] {
  return {
    id: idOf('ctr', row.contribution_id),
    externalId: row.referral_external_id,
    occurredAt: row.referred_at,
    campaign: row.campaign ?? undefined,
    market: row.referral_market ?? undefined,
    product: productOf(row.referral_product_source, row.referral_product_external_id),
  }
}

function eventOf(row: FactRow): ReferralFact['event'] {
  return {
    id: idOf('rev', row.event_id),
    source: row.source,
    externalId: row.external_id,
    base: row.base,
    minor: BigInt(row.amount),
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    product: productOf(row.product_source, row.product_external_id),
    category: row.category ?? undefined,
    market: row.market ?? undefined,
    refundOf:
      row.refund_of === null ? undefined : { externalId: row.refund_of, occurredAt: row.refunded_at ?? undefined },
  }
}

function productOf(source: string | null, externalId: string | null): ProductRef | undefined {
  return source === null || externalId === null ? undefined : { source, externalId }
}
