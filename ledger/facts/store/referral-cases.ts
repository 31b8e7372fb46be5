import type { Reader } from '../../../database/client.ts'
import { idOf } from '../../../kernel/ids.ts'
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
import { readBatches } from './read-batches.ts'

/**
 * Cases of referrals that were made in the span and hold for their customer. They are counted from 1 among all that hold
 * in the programme, of the referrer and of the partner, by time; at one time by partner's code and external id.
 */
export async function* readReferralCases(
  sql: Reader,
  { scope, rowsPerBatch }: CaseReading,
): AsyncGenerator<readonly PlacedCase[]> {
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}, ${heldReferrals(sql, scope)},
    counted as (
      select h.*,
        row_number() over (partition by h.partner_id order by h.occurred_at, h.external_id)::integer as nth_of_partner,
        row_number() over (partition by h.referrer_customer_id
          order by h.occurred_at, h.partner_code, h.external_id)::integer as nth_of_referrer
      from held h)
    select h.agreement_id, h.partner_code, own.terms_id as opened_terms, own.terms_id as own_terms, h.contribution_id,
      h.external_id, h.occurred_at, h.customer_id, h.referrer_customer_id, h.nth_of_partner, h.nth_of_referrer,
      h.campaign, h.market, h.product_source, h.product_external_id
    from counted h
    ${inForceAt(sql, 'own', sql`h.occurred_at`)}
    where h.occurred_at >= ${scope.from.toISOString()}
    order by h.partner_code, h.external_id`
  for await (const rows of readBatches<ReferralRow>(sql, { name: 'referral_cases', query, rowsPerBatch })) {
    yield rows.map(caseOf)
  }
}

type ReferralRow = PlaceRow &
  AboutRow & {
    readonly contribution_id: string
    readonly external_id: string
    readonly occurred_at: Date
    readonly customer_id: string
    readonly referrer_customer_id: string | null
    readonly nth_of_partner: number
    readonly nth_of_referrer: number
  }

function caseOf(row: ReferralRow): PlacedCase {
  const { referrer_customer_id: referrer } = row
  return placed(row, {
    kind: 'REFERRAL',
    contribution: {
      id: idOf('ctr', row.contribution_id),
      externalId: row.external_id,
      occurredAt: row.occurred_at,
    },
    customer: idOf('cus', row.customer_id),
    referrer: referrer === null ? undefined : idOf('cus', referrer),
    nthOfReferrer: referrer === null ? undefined : row.nth_of_referrer,
    nthOfPartner: row.nth_of_partner,
    about: aboutOf(row),
  })
}
