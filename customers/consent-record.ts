import type { Actor } from '../kernel/actor.ts'
import type { Id } from '../kernel/ids.ts'
import type { NewRecord } from '../records/append-records.ts'
import type { RecordData } from '../records/record-body.ts'
import type { ConsentStatus, Evidence, Limits, Mover } from './consent.ts'
import type { ConsentRequest } from './consent-request.ts'
import { type SharedTag, writeSharedTag } from './granularity.ts'

/** What a customer agreed to. */
export type Given = Limits & {
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  readonly noticeVersion: number
  /** Where the data may go, if the partner is not here. */
  readonly crossBorder: string | undefined
  readonly amends: Id<'cns'> | undefined
  readonly edition: number
  readonly evidence: Evidence
}

/** A step in the life of a consent. */
export type ConsentChange = {
  readonly consent: Id<'cns'>
  readonly customer: Id<'cus'>
  readonly partner: Id<'ptr'>
  readonly purpose: string
  readonly status: ConsentStatus
  /** Counts the steps, from 1. */
  readonly change: number
  readonly by: Mover
  /** When it stopped to count, where that was not when the record was made. */
  readonly endedAt?: Date | undefined
  readonly given?: Given
  /** For us alone: why, and which person. */
  readonly reason?: string | undefined
  readonly person?: string | undefined
}

/**
 * What a change of a consent is in the log. The partner may have it: the customer, the evidence, and who of the staff acted
 * for what reason stand in it as ciphertext only.
 */
export function consentRecord({ customer, given, reason, person, endedAt, ...change }: ConsentChange): NewRecord {
  const { consent, partner, purpose, status, by } = change
  const step = { v: '2', change: BigInt(change.change), by, ended: endedAt?.toISOString() }
  const evidence = given && { evidence: written(given.evidence) }
  return {
    kind: 'consent',
    data: { consent, partner, purpose, status, ...step, ...(given && termsOf(given)) },
    personal: { customer, data: { customer, ...evidence, reason, person } },
    partner,
    actor: actorOf(consent, by),
  }
}

/** What a partner asked for, in the log; no customer is known yet. */
export function requestRecord(request: ConsentRequest): NewRecord {
  const { id: consent, partnerId: partner, clientId: client, purpose, lapsesAt } = request
  const terms = termsOf({ ...request, crossBorder: undefined, amends: undefined, edition: undefined })
  const data = {
    v: '2',
    consent,
    client,
    partner,
    purpose,
    status: request.status,
    change: 1n,
    by: 'PARTNER',
    ...terms,
  }
  return { kind: 'consent', data: { ...data, lapses: lapsesAt.toISOString() }, partner, actor: `partner:${partner}` }
}

/** How a request ended without a consent, in the log; one that was refused names who refused it. */
export function unmetRecord(
  { id: consent, partnerId: partner, purpose }: Pick<ConsentRequest, 'id' | 'partnerId' | 'purpose'>,
  customer: Id<'cus'> | undefined,
): NewRecord {
  const [status, by] = customer === undefined ? (['LAPSED', 'CLOCK'] as const) : (['REJECTED', 'CUSTOMER'] as const)
  const data = { v: '2', consent, partner, purpose, status, change: 2n, by }
  const personal = customer === undefined ? {} : { personal: { customer, data: { customer } } }
  return { kind: 'consent', data, ...personal, partner, actor: actorOf(consent, by) }
}

/**
 * The actor of a record that a partner may have: of a customer, whoever gave this consent. By a name that other records
 * share two partners could join what they know, and a pseudonym would stay in the log when the customer is erased.
 */
function actorOf(consent: Id<'cns'>, by: Mover): Actor {
  if (by === 'COMPLIANCE') return 'staff:compliance'
  return by === 'CUSTOMER' || by === 'PARTNER' ? `customer:${consent}` : 'system:consents'
}

type Terms = Omit<Given, 'evidence' | 'edition'> & { readonly edition: number | undefined }

function termsOf(given: Terms): RecordData {
  const { tags, expiresAt, usage, maxPerDay, retentionDays, noticeVersion, crossBorder, amends, edition } = given
  return {
    tags: tags.map(writeSharedTag),
    expires: expiresAt.toISOString(),
    usage,
    maxPerDay: counted(maxPerDay),
    retentionDays: counted(retentionDays),
    notice: BigInt(noticeVersion),
    crossBorder,
    amends,
    edition: counted(edition),
  }
}

function counted(count: number | undefined): bigint | undefined {
  return count === undefined ? undefined : BigInt(count)
}

function written({ authentication, ...evidence }: Evidence): RecordData {
  return { ...evidence, authentication: authentication && { ...authentication } }
}
