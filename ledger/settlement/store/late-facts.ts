import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/**
 * Counts facts that concern a programme's locked periods and are not settled in them: referrals (reported or confirmed
 * since) and revenue of referred customers that came after a period's facts were taken, and refunds of events of an
 * earlier period. Whether a fact was there is known by its transaction, so that one which committed late is not missed; its
 * time of recording only narrows the search (no transaction lasts a day).
 * They wait for an adjustment in an open period. Source: RULES §5.
 */
export async function countLateFacts(sql: Reader, programme: Id<'prg'>): Promise<number> {
  const [row] = await sql<{ late: string }[]>`
    with locked as (
      select p.starts_at, p.ends_at, p.facts_cut, p.cut_at - interval '1 day' as since
      from periods p where p.programme_id = ${uuidOf(programme)} and p.locked_at is not null
    ), referrals as (
      select c.customer_id, c.occurred_at, c.recorded_at, c.record_id, b.recorded_at as bound_at, b.record_id as binding_id
      from agreements a
      join contributions c on c.partner_id = a.partner_id and c.kind = 'REFERRAL' and c.status = 'CONFIRMED'
        and c.occurred_at >= a.starts_at and (a.ends_at is null or c.occurred_at < a.ends_at)
        and (c.agreement_id is null or c.agreement_id = a.id)
      left join lead_bindings b on b.partner_id = c.partner_id and b.lead = c.lead
      where a.programme_id = ${uuidOf(programme)}
    ), late_revenue as (
      select from locked l
      join revenue_events e on e.occurred_at >= l.starts_at and e.occurred_at < l.ends_at and e.recorded_at > l.since
      join records r on r.id = e.record_id and not pg_visible_in_snapshot(r.tx_id, l.facts_cut)
      where e.customer_id in (select f.customer_id from referrals f)
    ), late_referrals as (
      select from locked l
      join referrals f on f.occurred_at >= l.starts_at and f.occurred_at < l.ends_at
        and greatest(f.recorded_at, f.bound_at) > l.since
      join records r on r.id = f.record_id
      left join records b on b.id = f.binding_id
      where not pg_visible_in_snapshot(r.tx_id, l.facts_cut) or not pg_visible_in_snapshot(b.tx_id, l.facts_cut)
    ), refunds as (
      select from locked l
      join revenue_events e on e.occurred_at >= l.starts_at and e.occurred_at < l.ends_at and e.refund_of is not null
      join records r on r.id = e.record_id and pg_visible_in_snapshot(r.tx_id, l.facts_cut)
      join revenue_events o on o.source = e.source and o.external_id = e.refund_of and o.customer_id = e.customer_id
        and o.asset = e.asset and o.occurred_at < l.starts_at
      where e.customer_id in (select f.customer_id from referrals f where f.occurred_at <= o.occurred_at)
    )
    select (select count(*) from refunds) + (select count(*) from late_revenue) + (select count(*) from late_referrals) as late`
  return Number(row?.late ?? 0)
}
