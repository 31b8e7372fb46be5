import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import { addMonths, monthOf, monthSpan } from '../../../kernel/month.ts'
import type { AssetsSnapshot } from '../../splits/fact-case.ts'
import type { FactScope } from '../case-scope.ts'
import type { PlacedCase } from '../placed-case.ts'
import {
  type AboutRow,
  aboutOf,
  type CaseReading,
  heldReferrals,
  inForceAt,
  membersOf,
  type PlaceRow,
  placed,
  versionsOf,
} from './case-parts.ts'
import { happenedEvents } from './path-parts.ts'
import { readBatches } from './read-batches.ts'

/**
 * One case for each customer for whom a referral holds and of whom, from that referral on, the span has a balance or a flow
 * in the programme's asset; a refund of a flow is of the span of what it refunds. Of balances at one time the one with the greatest key is the last.
 */
export async function* readAssetsCases(
  sql: Reader,
  { scope, rowsPerBatch }: CaseReading,
): AsyncGenerator<readonly PlacedCase[]> {
  const months = await monthsBefore(sql, scope)
  const [from, to] = [scope.from.toISOString(), scope.to.toISOString()]
  const last = sql`e.occurred_at desc, e.source desc, e.external_id desc`
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}, ${heldReferrals(sql, scope)},
    ${happenedEvents(sql, scope)},
    moved as (
      select h.customer_id, sum(e.amount) filter (where e.base = 'FLOWS') as flows,
        count(*) filter (where e.base = 'FLOWS')::integer as flow_count
      from held h
      join happened e on e.customer_id = h.customer_id and e.judged_at >= h.occurred_at
      where e.base in ('ASSETS', 'FLOWS') and e.converted_at >= ${from}
      group by h.customer_id)
    select h.agreement_id, h.partner_code, opened.terms_id as opened_terms, own.terms_id as own_terms, h.customer_id,
      h.contribution_id, h.external_id, h.occurred_at, h.campaign, h.market, h.product_source, h.product_external_id,
      mark.id as mark_id, mark.amount as mark_amount, mark.occurred_at as mark_at,
      start.id as start_id, start.amount as start_amount, start.occurred_at as start_at,
      final.id as end_id, final.amount as end_amount, final.occurred_at as end_at,
      coalesce(b.flows, 0) as flows, b.flow_count
    from moved b
    join held h on h.customer_id = b.customer_id
    join programmes p on p.id = ${uuidOf(scope.programme)}
    left join lateral (
      select m.id, m.amount, m.occurred_at
      from (
        (select e.id, e.amount, e.occurred_at, e.source, e.external_id ${balances(sql)}
          and e.occurred_at >= h.occurred_at and e.occurred_at < ${to}
          order by e.occurred_at, e.source, e.external_id limit 1)
        union all
        (select distinct on (x.month) x.id, x.amount, x.occurred_at, x.source, x.external_id
        from (
          select e.id, e.amount, e.occurred_at, e.source, e.external_id,
            width_bucket(e.occurred_at, ${months}::text[]::timestamptz[]) as month ${balances(sql)}
            and e.occurred_at >= h.occurred_at and e.occurred_at < ${from}) x
        order by x.month, x.occurred_at desc, x.source desc, x.external_id desc)
      ) m
      order by m.amount desc, m.occurred_at, m.source, m.external_id limit 1) mark on true
    left join lateral (
      select e.id, e.amount, e.occurred_at ${balances(sql)} and e.occurred_at < ${from}
      order by ${last} limit 1) start on true
    left join lateral (
      select e.id, e.amount, e.occurred_at ${balances(sql)} and e.occurred_at >= h.occurred_at
        and e.occurred_at < ${to}
      order by ${last} limit 1) final on true
    ${inForceAt(sql, 'opened', sql`h.occurred_at`)}
    ${inForceAt(sql, 'own', sql`${from}::timestamptz`)}
    order by h.partner_code, h.external_id, h.starts_at`
  for await (const rows of readBatches<AssetsRow>(sql, { name: 'assets_cases', query, rowsPerBatch })) {
    yield rows.map(caseOf)
  }
}

function balances(sql: Reader): Fragment {
  return sql`from revenue_events e where e.customer_id = h.customer_id and e.base = 'ASSETS' and e.asset = p.asset`
}

/** Starts of the months in which a member may have referred anybody, up to the span's, in the programme's zone. */
async function monthsBefore(sql: Reader, { programme, from }: FactScope): Promise<readonly string[]> {
  const [row] = await sql<{ time_zone: string; first: Date }[]>`
    select p.time_zone, min(a.starts_at) as first
    from programmes p join agreements a on a.programme_id = p.id
    where p.id = ${uuidOf(programme)} group by p.time_zone`
  const starts: string[] = []
  if (row === undefined) return [from.toISOString()]
  for (let month = monthOf(row.first, row.time_zone); ; month = addMonths(month, 1)) {
    const span = monthSpan(month, row.time_zone)
    starts.push(span.from.toISOString())
    if (span.to >= from) return starts
  }
}

type AssetsRow = PlaceRow &
  AboutRow & {
    readonly customer_id: string
    readonly contribution_id: string
    readonly external_id: string
    readonly occurred_at: Date
    readonly mark_id: string | null
    readonly mark_amount: string
    readonly mark_at: Date
    readonly start_id: string | null
    readonly start_amount: string
    readonly start_at: Date
    readonly end_id: string | null
    readonly end_amount: string
    readonly end_at: Date
    readonly flows: string
    readonly flow_count: number
  }

function caseOf(row: AssetsRow): PlacedCase {
  return placed(row, {
    kind: 'ASSETS',
    customer: idOf('cus', row.customer_id),
    referral: {
      id: idOf('ctr', row.contribution_id),
      externalId: row.external_id,
      occurredAt: row.occurred_at,
      campaign: row.campaign ?? undefined,
    },
    mark: snapshotOf(row.mark_id, row.mark_amount, row.mark_at),
    start: snapshotOf(row.start_id, row.start_amount, row.start_at),
    end: snapshotOf(row.end_id, row.end_amount, row.end_at),
    flows: BigInt(row.flows),
    flowCount: row.flow_count,
    about: aboutOf(row),
  })
}

function snapshotOf(id: string | null, amount: string, at: Date): AssetsSnapshot | undefined {
  return id === null ? undefined : { event: idOf('rev', id), minor: BigInt(amount), at }
}
