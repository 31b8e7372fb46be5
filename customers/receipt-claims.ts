import type { JWTPayload } from 'jose'
import type { ConsentStep } from './store/consent-steps.ts'

/** The type that stands in the header of a receipt, so that it is taken for nothing else (RFC 8725 §3.11). */
export const RECEIPT_TYPE = 'consent-receipt+jwt'

/**
 * What a receipt says about a step: the members of a consent record (ISO/IEC TS 27560:2023), under the claims of a JWT. The
 * customer is in it by the partner's own pseudonym alone, and there is no account key, no value of a tag and no evidence.
 * The same step always gives the same claims.
 */
export function receiptClaims(issuer: string, step: ConsentStep): JWTPayload {
  const { consent, record, subject, partner, partnerCode, status, by, at, change, expiresAt, amends } = step
  return {
    iss: issuer,
    aud: partner,
    jti: record,
    iat: Math.floor(at.getTime() / 1000),
    ...(subject === undefined ? {} : { sub: subject }),
    schema_version: 'ISO/IEC TS 27560:2023',
    record_id: consent,
    ...(subject === undefined ? {} : { pii_principal_id: subject }),
    ...(amends === undefined ? {} : { amends }),
    pii_processing: { privacy_notice: noticeOf(step), purposes: [purposeOf(issuer, step)] },
    party_identification: [
      { party_id: issuer, party_role: 'pii_controller' },
      { party_id: partner, party_name: partnerCode, party_role: 'recipient' },
    ],
    event: [
      {
        event_time: at.toISOString(),
        event_state: status,
        entity_id: by,
        validity_duration: { until: expiresAt.toISOString() },
        number: change,
        record,
      },
    ],
  }
}

function noticeOf({ purpose, noticeVersion, noticeHashes }: ConsentStep): object | null {
  return noticeVersion === 0 ? null : { id: purpose, version: noticeVersion, sha256: noticeHashes }
}

function purposeOf(issuer: string, step: ConsentStep): object {
  const { purpose, tags, partner, usage, maxPerDay, retentionDays, crossBorder } = step
  return {
    purpose,
    lawful_basis: 'consent',
    pii_information: tags.map(({ key, granularity, category, sensitivity }) => ({
      pii_type: key,
      granularity,
      pii_category: category,
      sensitive: sensitivity === 'HIGH',
    })),
    pii_controllers: [issuer],
    recipient_third_parties: [partner],
    // agreed to by itself; the jurisdiction is ISO 3166-1
    ...(crossBorder === undefined ? {} : { cross_border: { jurisdiction: crossBorder, consent: 'separate' } }),
    processing_method: 'read through the gateway while the consent counts',
    usage,
    ...(maxPerDay === undefined ? {} : { max_per_day: maxPerDay }),
    ...(retentionDays === undefined ? {} : { retention_period: `P${retentionDays}D` }),
    withdrawal_method: `${issuer}/customer/graphql`,
  }
}
