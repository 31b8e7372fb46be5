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

/** Cases of traffic that was told in the span. */
export async function* readTrafficCases(
  sql: Reader,
  { scope, rowsPerBatch }: CaseReading,
): AsyncGenerator<readonly PlacedCase[]> {
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}
    select m.agreement_id, m.partner_code, own.terms_id as opened_terms, own.terms_id as own_terms, c.id, c.external_id,
      c.occurred_at, c.customer_id, c.unit, c.quantity, c.campaign, c.market, c.product_source, c.product_external_id
    from members m
    join contributions c on c.kind = 'TRAFFIC' and ${countsFor(sql)}
    ${inForceAt(sql, 'own', sql`c.occurred_at`)}
    where c.occurred_at >= ${scope.from.toISOString()} and c.occurred_at < ${scope.to.toISOString()}
      and c.unit is not null
    order by m.partner_code, c.external_id`
  for await (const rows of readBatches<TrafficRow>(sql, { name: 'traffic_cases', query, rowsPerBatch })) {
    yield rows.map((row) =>
      placed(row, {
        kind: 'TRAFFIC',
        contribution: contributionOf(row),
        customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id),
        unit: row.unit,
        units: BigInt(row.quantity),
        about: aboutOf(row),
      }),
    )
  }
}

/** Cases of services that were told in the span with a score, and with a fee in the programme's asset. */
export async function* readServiceCases(
  sql: Reader,
  { scope, rowsPerBatch }: CaseReading,
): AsyncGenerator<readonly PlacedCase[]> {
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}
    select m.agreement_id, m.partner_code, own.terms_id as opened_terms, own.terms_id as own_terms, c.id, c.external_id,
      c.occurred_at, c.customer_id, c.amount, c.score, c.campaign, c.market, c.product_source, c.product_external_id
    from members m
    join contributions c on c.kind = 'SERVICE_OUTCOME' and ${countsFor(sql)}
    join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset = c.asset
    ${inForceAt(sql, 'own', sql`c.occurred_at`)}
    where c.occurred_at >= ${scope.from.toISOString()} and c.occurred_at < ${scope.to.toISOString()}
      and c.score is not null
    order by m.partner_code, c.external_id`
  for await (const rows of readBatches<ServiceRow>(sql, { name: 'service_cases', query, rowsPerBatch })) {
    yield rows.map((row) =>
      placed(row, {
        kind: 'SERVICE',
        contribution: contributionOf(row),
        customer: idOf('cus', row.customer_id),
        fee: BigInt(row.amount),
        score: BigInt(row.score),
        about: aboutOf(row),
      }),
    )
  }
}

type ToldRow = PlaceRow & AboutRow & { readonly id: string; readonly external_id: string; readonly occurred_at: Date }
type TrafficRow = ToldRow & { readonly customer_id: string | null; readonly unit: string; readonly quantity: string }
type ServiceRow = ToldRow & { readonly customer_id: string; readonly amount: string; readonly score: string }

function contributionOf(row: ToldRow): {
  readonly id: `ctr_${string}`
  readonly externalId: string
  readonly occurredAt: Date
} {
  return { id: idOf('ctr', row.id), externalId: row.external_id, occurredAt: row.occurred_at }
}
