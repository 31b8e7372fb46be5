import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { idOf } from '../../../kernel/ids.ts'
import type { Referral } from '../../splits/fact-case.ts'
import type { PlacedCase } from '../placed-case.ts'
import {
  type CaseReading,
  heldReferrals,
  inForceAt,
  membersOf,
  type PlaceRow,
  placed,
  versionsOf,
} from './case-parts.ts'
import {
  type EventRow,
  eventColumns,
  eventOf,
  happenedEvents,
  pathedEvents,
  type TouchRow,
  touchOf,
} from './path-parts.ts'
import { readBatches } from './read-batches.ts'

/**
 * Events of the span as agreements see them: as the one whose referral holds for the customer, from that referral on; with
 * paths also as each one whose partner touched the customer before, the one in which its last touch was made.
 */
export async function* readEventCases(
  sql: Reader,
  { scope, rowsPerBatch, paths }: CaseReading & { readonly paths: boolean },
): AsyncGenerator<readonly PlacedCase[]> {
  const { from } = scope
  const seen = paths ? seenWithPaths(sql) : seenByReferrers(sql)
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}, ${heldReferrals(sql, scope)}, ${happenedEvents(sql, scope)}
    ${paths ? sql`, ${pathedEvents(sql)}` : sql``}
    ${seen}`
  for await (const rows of readBatches<SeenRow>(sql, { name: 'event_cases', query, rowsPerBatch })) {
    yield rows.map((row) => caseOf(row, from))
  }
}

function seenByReferrers(sql: Reader): Fragment {
  return sql`
    select r.agreement_id, r.partner_code, ${seenColumns(sql)}, null::json as path
    from held r
    join happened h on h.customer_id = r.customer_id and h.judged_at >= r.occurred_at
    ${inForceAt(sql, 'opened', sql`r.occurred_at`)}
    ${inForceAt(sql, 'own', sql`h.judged_at`)}
    order by r.partner_code, h.source, h.external_id`
}

function seenWithPaths(sql: Reader): Fragment {
  return sql`
    select m.agreement_id, m.partner_code, ${seenColumns(sql)}, case when s.touched then h.path end as path
    from pathed h
    left join held held_by on held_by.customer_id = h.customer_id and h.judged_at >= held_by.occurred_at
    cross join lateral (
      select x.agreement_id, bool_or(x.touched) as touched
      from (
        (select distinct on (t.code) t.agreement_id, true as touched
          from unnest(h.agreements, h.codes) with ordinality as t (agreement_id, code, place)
          order by t.code, t.place desc)
        union all
        select held_by.agreement_id, false where held_by.agreement_id is not null
      ) x
      group by x.agreement_id) s
    join members m on m.agreement_id = s.agreement_id
    left join held r on r.customer_id = held_by.customer_id and r.agreement_id = s.agreement_id
    ${inForceAt(sql, 'opened', sql`r.occurred_at`)}
    ${inForceAt(sql, 'own', sql`h.judged_at`)}
    order by m.partner_code, h.source, h.external_id, m.starts_at`
}

function seenColumns(sql: Reader): Fragment {
  return sql`opened.terms_id as opened_terms, own.terms_id as own_terms, h.customer_id, h.refunded_at, h.judged_at,
    ${eventColumns(sql)}, r.contribution_id, r.external_id as referral_external_id, r.occurred_at as referred_at, r.campaign`
}

type SeenRow = PlaceRow &
  EventRow &
  ReferredRow & { readonly customer_id: string; readonly refunded_at: Date | null; readonly judged_at: Date } & {
    readonly path: readonly TouchRow[] | null
  }

type ReferredRow =
  | {
      readonly contribution_id: string
      readonly referral_external_id: string
      readonly referred_at: Date
      readonly campaign: string | null
    }
  | { readonly contribution_id: null }

function caseOf(row: SeenRow, from: Date): PlacedCase {
  const fact = {
    kind: 'EVENT',
    event: eventOf(row),
    customer: idOf('cus', row.customer_id),
    referral: referralOf(row),
    path: row.path?.map(touchOf),
    ...(row.judged_at < row.occurred_at && { judgedAt: row.judged_at }),
  } as const
  const { refunded_at: refundedAt } = row
  const place = placed(row, fact, refundedAt !== null && refundedAt < from)
  return refundedAt === null ? place : { ...place, refundedAt }
}

function referralOf(row: ReferredRow): Referral | undefined {
  if (row.contribution_id === null) return undefined
  return {
    id: idOf('ctr', row.contribution_id),
    externalId: row.referral_external_id,
    occurredAt: row.referred_at,
    campaign: row.campaign ?? undefined,
  }
}
