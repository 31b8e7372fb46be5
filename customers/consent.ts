import type { Id } from '../kernel/ids.ts'
import type { SharedTag } from './granularity.ts'

/** Only AUTHORISED lets anybody read. SUSPENDED may be resumed; the others have ended and stay so. */
export const GIVEN_STATUSES = ['AUTHORISED', 'SUSPENDED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const
export type ConsentStatus = (typeof GIVEN_STATUSES)[number]

/** Where a partner's request stands: one that is AUTHORISED became the consent of the same id. */
export const REQUEST_STATUSES = ['AWAITING', 'AUTHORISED', 'REJECTED', 'LAPSED'] as const
export type RequestStatus = (typeof REQUEST_STATUSES)[number]

/** Every status in the life of a consent, from the partner's request on. */
export const LIFE_STATUSES = ['AWAITING', 'REJECTED', 'LAPSED', ...GIVEN_STATUSES] as const
export type LifeStatus = (typeof LIFE_STATUSES)[number]

/**
 * Whose doing a step was: the clock's when a time was over, a read's when it was the one that was allowed, and that of the
 * partner's exit when it leaves.
 */
export const MOVERS = ['CUSTOMER', 'PARTNER', 'COMPLIANCE', 'CLOCK', 'READ', 'PARTNER_EXIT'] as const
export type Mover = (typeof MOVERS)[number]

/** Whether a consent may be used again and again, or ends with the first answer that gives something. */
export const USAGES = ['RECURRING', 'ONCE'] as const
export type Usage = (typeof USAGES)[number]

/** How often a partner may read, and how long it may keep what it read. */
export type Limits = {
  readonly usage: Usage
  /** Answers that give something in one day (UTC); as many as there are reads when absent. */
  readonly maxPerDay: number | undefined
  readonly retentionDays: number | undefined
}

/** How the customer proved who they are, as the broker's identity provider tells (OpenID Connect Core §2). */
export type Authentication = {
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** RFC 3339. */
  readonly authTime?: string | undefined
}

/** How the customer agreed: the wording shown (SHA-256, hexadecimal), its language, where, and how they had signed in. */
export type Evidence = {
  readonly textHash?: string | undefined
  readonly locale: string
  readonly channel: string
  readonly authentication?: Authentication | undefined
}

/** What one customer lets one partner read, for one purpose, until when. */
export type Consent = Limits & {
  readonly id: Id<'cns'>
  readonly partnerId: Id<'ptr'>
  readonly purpose: string
  /** As it is by the database's clock, whatever has been recorded of it. */
  readonly status: ConsentStatus
  readonly tags: readonly SharedTag[]
  /** The partner's pseudonym for the customer. */
  readonly subject: string
  /** The notice that was shown; 0 where none had been published. */
  readonly noticeVersion: number
  /** 1, or one more than the consent that this one amends. */
  readonly version: number
  readonly amends: Id<'cns'> | undefined
  readonly suspendedBy: Mover | undefined
  /** Where the customer agreed that the data may go (ISO 3166-1); absent where the partner was here. */
  readonly crossBorder: string | undefined
  readonly grantedAt: Date
  readonly expiresAt: Date
  /** When it stopped to count, for whatever reason. */
  readonly endedAt: Date | undefined
  /** The same, if somebody ended it before its time. */
  readonly revokedAt: Date | undefined
  /** The record that made it what it is. */
  readonly record: Id<'rec'>
}

/** The longest life of a consent, in calendar months: whoever wants more asks the customer again. */
export const LONGEST_CONSENT_MONTHS = 12

/** How far ahead another machine's clock may be when it reckons the longest life. */
export const CLOCK_TOLERANCE_MINUTES = 5
