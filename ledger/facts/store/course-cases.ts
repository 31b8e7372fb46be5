import type { Reader } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import type { PlacedCase } from '../placed-case.ts'
import {
  type AboutRow,
  aboutOf,
  type CaseReading,
  countsFor,
  inForceAt,
  membersOf,
  type PlaceRow,
  placed,
  versionsOf,
} from './case-parts.ts'
import { readBatches } from './read-batches.ts'

/**
 * One case for each course of a customer under an agreement that something was reported of in the span. The first report
 * of all is the enrolment (at one time the smaller external id); a course whose price it does not name in the programme's
 * asset is left out.
 */
export async function* readCourseCases(
  sql: Reader,
  { scope, rowsPerBatch }: CaseReading,
): AsyncGenerator<readonly PlacedCase[]> {
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)},
    reports as (
      select m.agreement_id, m.partner_code, m.starts_at, c.customer_id, c.course, c.id, c.external_id, c.occurred_at,
        c.quantity, c.units, c.asset, c.amount, c.campaign, c.market, c.product_source, c.product_external_id
      from members m join contributions c on c.kind = 'COURSE_COMPLETION' and ${countsFor(sql)}
      where c.course is not null and c.customer_id is not null and c.occurred_at < ${scope.to.toISOString()}),
    enrolled as (
      select distinct on (r.agreement_id, r.customer_id, r.course) r.* from reports r
      order by r.agreement_id, r.customer_id, r.course, r.occurred_at, r.external_id),
    reached as (
      select distinct on (r.agreement_id, r.customer_id, r.course)
        r.agreement_id, r.customer_id, r.course, r.id, r.external_id, r.occurred_at, r.quantity
      from reports r
      order by r.agreement_id, r.customer_id, r.course, r.quantity desc, r.occurred_at, r.external_id),
    progress as (
      select r.agreement_id, r.customer_id, r.course,
        max(r.quantity) filter (where r.occurred_at < ${scope.from.toISOString()}) as done_before
      from reports r group by r.agreement_id, r.customer_id, r.course
      having max(r.occurred_at) >= ${scope.from.toISOString()})
    select e.agreement_id, e.partner_code, opened.terms_id as opened_terms, own.terms_id as own_terms, e.course,
      e.customer_id, e.id, e.external_id, e.occurred_at, r.id as reached_id, r.external_id as reached_external_id,
      r.occurred_at as reached_at, e.amount, e.units, r.quantity as done, coalesce(b.done_before, 0) as done_before,
      e.campaign, e.market, e.product_source, e.product_external_id
    from progress b
    join enrolled e on e.agreement_id = b.agreement_id and e.customer_id = b.customer_id and e.course = b.course
    join reached r on r.agreement_id = b.agreement_id and r.customer_id = b.customer_id and r.course = b.course
    join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset = e.asset
    ${inForceAt(sql, 'opened', sql`e.occurred_at`)}
    ${inForceAt(sql, 'own', sql`${scope.from.toISOString()}::timestamptz`)}
    order by e.partner_code, e.external_id`
  for await (const rows of readBatches<CourseRow>(sql, { name: 'course_cases', query, rowsPerBatch })) {
    yield rows.map(caseOf)
  }
}

type CourseRow = PlaceRow &
  AboutRow & {
    readonly course: string
    readonly customer_id: string
    readonly id: string
    readonly external_id: string
    readonly occurred_at: Date
    readonly reached_id: string
    readonly reached_external_id: string
    readonly reached_at: Date
    readonly amount: string
    readonly units: string
    readonly done: string
    readonly done_before: string
  }

function caseOf(row: CourseRow): PlacedCase {
  return placed(row, {
    kind: 'COURSE',
    course: row.course,
    customer: idOf('cus', row.customer_id),
    enrolment: { id: idOf('ctr', row.id), externalId: row.external_id, occurredAt: row.occurred_at },
    reached: { id: idOf('ctr', row.reached_id), externalId: row.reached_external_id, occurredAt: row.reached_at },
    price: BigInt(row.amount),
    units: BigInt(row.units),
    done: BigInt(row.done),
    doneBefore: BigInt(row.done_before),
    about: aboutOf(row),
  })
}
